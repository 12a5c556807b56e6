import { requestSigner, signingTime, uriEncode } from '../../lambdas/aws/sigv4.ts'

const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

describe('the signature equals the example in the documentation of AWS', () => {
  const s3 = {
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
    time: '20130524T000000Z',
  }
  const host = 'examplebucket.s3.amazonaws.com'

  test('for a request with a query', () => {
    const { credential, signedHeaders, sign } = requestSigner('iam')({
      region: 'us-east-1',
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
      time: signingTime(Date.parse('2015-08-30T12:36:00.999Z')),
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        host: 'iam.amazonaws.com',
        'x-amz-date': '20150830T123600Z',
      },
      payloadHash: emptyHash,
    })
    expect(credential).toBe('AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request')
    expect(signedHeaders).toBe('content-type;host;x-amz-date')
    expect(sign('GET', '/', 'Action=ListUsers&Version=2010-05-08')).toBe(
      '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    )
  })

  test('for an object of S3', () => {
    const headers = { host, range: 'bytes=0-9', 'x-amz-content-sha256': emptyHash, 'x-amz-date': s3.time }
    expect(requestSigner('s3')({ ...s3, headers, payloadHash: emptyHash }).sign('GET', '/test.txt')).toBe(
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    )
  })

  test('for a presigned URL of S3', () => {
    const { credential, signedHeaders, sign } = requestSigner('s3')({
      ...s3,
      headers: { host },
      payloadHash: 'UNSIGNED-PAYLOAD',
    })
    const query = Object.entries({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': credential,
      'X-Amz-Date': s3.time,
      'X-Amz-Expires': '86400',
      'X-Amz-SignedHeaders': signedHeaders,
    }).map(([name, value]) => `${name}=${uriEncode(value)}`)
    expect(sign('GET', '/test.txt', query.join('&'))).toBe(
      'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    )
  })
})

test('a signer that alternates between regions, days and keys signs as a new one does', () => {
  const used = requestSigner('s3')
  const inputs = ['us-east-1', 'eu-west-1'].flatMap((region) =>
    ['20001231T235959Z', '20010101T000000Z'].flatMap((time) =>
      ['one/secret', 'another/secret'].map((secretAccessKey) => ({
        region,
        time,
        credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey },
        headers: { host: 'chat.example.com' },
        payloadHash: emptyHash,
      })),
    ),
  )
  const twice = [...inputs, ...inputs]
  const signatures = twice.map((input) => used(input).sign('GET', '/'))
  expect(new Set(signatures).size).toBe(inputs.length)
  expect(signatures).toEqual(twice.map((input) => requestSigner('s3')(input).sign('GET', '/')))
})
