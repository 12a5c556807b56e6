import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** A self-signed certificate for one host name or address, with its private key, both in PEM. */
export interface Certificate {
  cert: string
  key: string
}

const part = (tag: number, ...contents: Buffer[]): Buffer => {
  const body = Buffer.concat(contents)
  const size = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), body])
}
const sequence = (...contents: Buffer[]) => part(0x30, ...contents)
const bits = (contents: Buffer) => part(0x03, Buffer.from([0]), contents)
const hex = (digits: string) => Buffer.from(digits, 'hex')

/** From 1970 to 9999, the end that RFC 5280, 4.1.2.5, defines for a certificate without an end: tests pass on any day. */
const validity = sequence(part(0x17, Buffer.from('700101000000Z')), part(0x18, Buffer.from('99991231235959Z')))

const ecdsaWithSha256 = sequence(hex('06082a8648ce3d040302'))
const commonName = hex('0603550403')
const subjectAltName = hex('0603551d11')

/** Makes a certificate for `localhost` or for an IPv4 address, valid on any day. */
export function selfSigned(host: string): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const name = sequence(part(0x31, sequence(commonName, part(0x0c, Buffer.from(host)))))
  const address = host.split('.').map(Number)
  const known = address.length === 4 ? part(0x87, Buffer.from(address)) : part(0x82, Buffer.from(host))
  const content = sequence(
    part(0xa0, hex('020102')),
    part(0x02, Buffer.from([1]), randomBytes(8)),
    ecdsaWithSha256,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    part(0xa3, sequence(sequence(subjectAltName, part(0x04, sequence(known))))),
  )
  const der = sequence(content, ecdsaWithSha256, bits(sign('sha256', content, privateKey)))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}
