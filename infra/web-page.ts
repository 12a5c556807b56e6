import {
  CachePolicy,
  Distribution,
  HeadersReferrerPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront'
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins'
import { PermissionsBoundary } from 'aws-cdk-lib/aws-iam'
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3'
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment'
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { logGroup } from './encryption.ts'
import type { CompleteResources } from './resource-settings.ts'

/** Settings that the page loads: the address of the chat, and the issuer and client for signing in. */
export interface PageConfig {
  url: string
  issuer: string
  clientId: string
}

/** Allows the page's own scripts and styles only, and no other site may put the page into a frame. */
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

/** The web page, in a private bucket behind a distribution. No cost without requests. */
export class WebPage extends Construct {
  readonly origin: string
  readonly #bucket: IBucket
  readonly #resources: CompleteResources

  constructor(scope: Construct, id: string, resources: CompleteResources) {
    super(scope, id)
    this.#resources = resources
    const { encryptionKey } = resources
    // The class differs from its interface only in optional properties that may be undefined.
    this.#bucket = new Bucket(this, 'Files', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      ...(encryptionKey
        ? { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }
        : { encryption: BucketEncryption.S3_MANAGED }),
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
  }

  /** Uploads the built files, and a `config.json` with the settings of this deployment. */
  publish(folder: string, config: PageConfig): void {
    const deployment = new BucketDeployment(this, 'Deployment', {
      destinationBucket: this.#bucket,
      sources: [Source.asset(folder), Source.jsonData('config.json', config)],
      // Browsers and CloudFront ask the bucket for changes, so a deployment needs no invalidation.
      cacheControl: [CacheControl.noCache()],
      // CloudFormation can only delete an empty bucket.
      retainOnDelete: false,
      logGroup: logGroup(this, 'DeploymentLog', this.#resources),
    })
    // The function that uploads belongs to the stack and not to this page.
    const { permissionsBoundary } = this.#resources.functions
    if (permissionsBoundary) PermissionsBoundary.of(deployment.handlerRole).apply(permissionsBoundary)
  }
}
