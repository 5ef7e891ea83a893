import { generateKeyPairSync, sign } from 'node:crypto'

/** Tags of DER (X.690) that a certificate needs. */
const INTEGER = 0x02
const BIT_STRING = 0x03
const OBJECT_IDENTIFIER = 0x06
const UTF8_STRING = 0x0c
const UTC_TIME = 0x17
const SEQUENCE = 0x30
const SET = 0x31

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const identifier = (hex: string) => der(OBJECT_IDENTIFIER, Buffer.from(hex, 'hex'))
const text = (tag: number, value: string) => der(tag, Buffer.from(value))

const ECDSA_WITH_SHA256 = der(SEQUENCE, identifier('2a8648ce3d040302'))
const COMMON_NAME = identifier('550403')

export interface Certificate {
  /** PEM. */
  readonly key: string
  readonly certificate: string
}

/**
 * Makes a self-signed certificate (X.509 v1, RFC 5280, section 4.1), anew for each run: for a stand-in that a test's
 * browser takes for another host, and must be told to accept.
 */
export function makeCertificate(name: string): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const names = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, text(UTF8_STRING, name))))
  const validity = der(SEQUENCE, text(UTC_TIME, '200101000000Z'), text(UTC_TIME, '491231235959Z'))
  const serial = der(INTEGER, Buffer.from([1]))
  const subjectKey = publicKey.export({ type: 'spki', format: 'der' })
  const signed = der(SEQUENCE, serial, ECDSA_WITH_SHA256, names, validity, names, subjectKey)
  const signature = der(BIT_STRING, Buffer.from([0]), sign('sha256', signed, privateKey))
  const whole = der(SEQUENCE, signed, ECDSA_WITH_SHA256, signature)
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? []
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
  }
}
