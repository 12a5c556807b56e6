import {
  CachePolicy,
  Distribution,
  HeadersReferrerPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront'
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3'
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment'
import { CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'

/** What the page has to be told: where the chat is and who signs people in. */
export interface PageConfig {
  url: string
  issuer: string
  clientId: string
}

/** Scripts and styles of its own and no others, and nobody frames it. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self' wss: https:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The web page, in a private bucket behind a distribution. Nothing of it is billed while nobody looks. */
export class WebPage extends Construct {
  readonly origin: string
  readonly #bucket: IBucket

  constructor(scope: Construct, id: string) {
    super(scope, id)
    // An optional property that may be undefined is not what the interface says, but means the same.
    this.#bucket = new Bucket(this, 'Files', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
    }) as IBucket
    const headers = new ResponseHeadersPolicy(this, 'Headers', {
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy, override: true },
        contentTypeOptions: { override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
        strictTransportSecurity: { accessControlMaxAge: Duration.days(365), override: true },
      },
    })
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'The page of the chat',
      defaultRootObject: 'index.html',
      priceClass: PriceClass.PRICE_CLASS_100,
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(this.#bucket),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        responseHeadersPolicy: headers,
      },
    })
    this.origin = `https://${distribution.distributionDomainName}`
    new CfnOutput(this, 'Page', { value: this.origin }).overrideLogicalId('Page')
  }

  /** Puts the built files there, and beside them what differs from one deployment to the next. */
  publish(folder: string, config: PageConfig): void {
    new BucketDeployment(this, 'Deployment', {
      destinationBucket: this.#bucket,
      sources: [Source.asset(folder), Source.jsonData('config.json', config)],
      // Whoever asks is shown what is there now, so that no cache has to be emptied after a deployment.
      cacheControl: [CacheControl.noCache()],
      // An empty bucket goes with the stack.
      retainOnDelete: false,
      logGroup: new LogGroup(this, 'DeploymentLog', {
        retention: RetentionDays.ONE_MONTH,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
    })
  }
}
