import type { FileReading } from '../../core/corpus/corpusService'
import { fail } from '../../core/failure'
import { isParquet, refuseControlCharacters, refuseKnownBinary } from './binaryFormats'
import { openCsv } from './csv/csvRows'
import { type BlobText, bytesOf, HEAD_BYTES, openBlobText } from './encoding/blobText'
import { openJsonl, openTxt } from './encoding/lineRows'
import { refuseSevenBits } from './encoding/sevenBits'
import { gunzipBlob, isGzip } from './gunzip'
import { openJson } from './json/jsonRows'
import { bufferOfBlob, openParquet } from './parquetRows'
import { KNOWN_FORMATS, type RowSource } from './rowSource'
import { inferFormat } from './sourceFormat'

/**
 * Opens a file of any known format, which its name and its first bytes show. Only these are read at first (and, of
 * Parquet, the directory at its end), but a gzip file is unpacked.
 *
 * @throws FailureError `damaged-file` for empty files, for binary data that is none of them, and for files whose rows
 * cannot be found
 */
export async function openFile(blob: Blob, name: string, reading: FileReading = {}): Promise<RowSource> {
  const head = new Uint8Array(await bytesOf(blob, name, 0, HEAD_BYTES))
  if (head.length === 0) fail('damaged-file', `${name} is empty.`, { advice: KNOWN_FORMATS })
  if (isParquet(head)) {
    const buffer = bufferOfBlob(blob, (start, end) => bytesOf(blob, name, start, end))
    return openParquet({ name, buffer })
  }
  if (isGzip(head)) return openFile(await gunzipBlob(blob, name), name.replace(/\.gz$/i, ''), reading)
  refuseKnownBinary(head, name)
  const text = openBlobText(blob, name, head, reading.encoding)
  refuseControlCharacters(text.head, name)
  if (reading.encoding === undefined) refuseSevenBits(text.head, name)
  const source = await openText(text, reading)
  return text.encodingDoubt === null ? source : { ...source, notes: [text.encodingDoubt, ...source.notes] }
}

function openText(text: BlobText, reading: FileReading): RowSource | Promise<RowSource> {
  const format = inferFormat(text.name, text.head)
  switch (format) {
    case 'csv':
    case 'tsv':
      return openCsv(text, format, reading)
    case 'json':
      return openJson(text, reading)
    case 'jsonl':
      return openJsonl(text)
    case 'txt':
      return openTxt(text)
  }
}
