import { join, resolve } from 'node:path'
import type { Settings } from '../settings.ts'
import { diskStore } from './disk.ts'
import { s3Store } from './s3.ts'
import { type Store, type Stored, sayingWhenAway } from './store.ts'

/** Where pictures are kept: in the bucket of the settings, else below the data folder. @throws for half a key */
export function openStore({ files, data_dir }: Pick<Settings, 'files' | 'data_dir'>): Store {
  if (Boolean(files.s3_access_key) !== Boolean(files.s3_secret_key))
    throw new Error('REGAL_S3_ACCESS_KEY and REGAL_S3_SECRET_KEY are set together, or neither')
  return sayingWhenAway(files.s3_bucket ? s3Store(files) : diskStore(join(resolve(data_dir), 'files')))
}

export type { Store, Stored }
