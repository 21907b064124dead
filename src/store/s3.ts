import type { Readable } from 'node:stream'
import type { S3Client } from '@aws-sdk/client-s3'
import type { Settings } from '../settings.ts'
import type { Store } from './store.ts'

const CONNECT_MS = 2_000
const ANSWER_MS = 5_000

const missing = (error: unknown): undefined => {
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } }
  // A bucket that is not there is a mistake in the settings, and no missing picture.
  if ($metadata?.httpStatusCode !== 404 || name === 'NoSuchBucket') throw error
}

/** The library is large and most shops keep their pictures on disk: it is loaded when a picture first comes or goes. */
async function connect(settings: Settings['files']) {
  const library = await import('@aws-sdk/client-s3')
  const { s3_region, s3_endpoint, s3_access_key, s3_secret_key, s3_path_style } = settings
  const client: S3Client = new library.S3Client({
    region: s3_region,
    forcePathStyle: s3_path_style,
    ...(s3_endpoint && { endpoint: s3_endpoint }),
    // Without a key it finds those of the machine it runs on, as programs on AWS do.
    ...(s3_access_key && { credentials: { accessKeyId: s3_access_key, secretAccessKey: s3_secret_key } }),
    // Newer checksums, which it would add by itself, are not known to every compatible store.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 2,
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: ANSWER_MS,
      throwOnRequestTimeout: true,
      socketTimeout: ANSWER_MS
    }
  })
  return { library, client }
}

/** Content as objects of a bucket of any S3-compatible store. The bucket is this shop's own. */
export function s3Store(settings: Settings['files']): Store {
  let connected: ReturnType<typeof connect> | undefined
  const placeOf = (sha256: string) => ({ Bucket: settings.s3_bucket, Key: `files/${sha256.slice(0, 2)}/${sha256}` })
  const connection = () => {
    connected ??= connect(settings)
    return connected
  }
  return {
    async put(sha256, content, type) {
      const { library, client } = await connection()
      await client.send(new library.PutObjectCommand({ ...placeOf(sha256), Body: content, ContentType: type }))
    },

    async open(sha256) {
      const { library, client } = await connection()
      const found = await client.send(new library.GetObjectCommand(placeOf(sha256))).catch(missing)
      return found && { size: found.ContentLength ?? -1, stream: found.Body as Readable }
    },

    async remove(sha256) {
      const { library, client } = await connection()
      // A transaction waits for it: once, and not for long.
      const abortSignal = AbortSignal.timeout(ANSWER_MS)
      await client.send(new library.DeleteObjectCommand(placeOf(sha256)), { abortSignal }).catch(missing)
    }
  }
}
