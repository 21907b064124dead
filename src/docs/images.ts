import type { Reason } from '../errors.ts'
import { IMAGE_TYPES } from '../schemas/files.ts'
import { resourceNamed } from '../schemas/index.ts'
import { parameterRef } from './components.ts'
import { countedHeaders, replayHeaders } from './headers.ts'
import { written } from './operations.ts'
import { writeParameters } from './parameters.ts'
import { errorResponses, reasonsOf } from './reasons.ts'
import { rolesOf, rolesText } from './roles.ts'
import type { Json } from './wire.ts'

const files = () => resourceNamed('files')

const uploadReasons = (): Reason[] => [
  ...reasonsOf(files(), 'create').filter((word) => word !== 'invalid_json'),
  'invalid_image',
  'image_too_large',
  'store_unavailable'
]
const contentReasons = (): Reason[] => [...reasonsOf(files(), 'get'), 'content_missing', 'store_unavailable']

/** Every word that the addresses of pictures can answer. */
export const imageReasons = (): Reason[] => [...uploadReasons(), ...contentReasons()]

const query = (name: string, schema: Json, description: string): Json => ({ name, in: 'query', description, schema })

// No length: what a picture may have is a setting, and in bytes.
const picture = (): Json => ({
  schema: { type: 'string', format: 'binary', description: 'The picture as it is', maxLength: 100_000_000 },
  example: ''
})
const pictures = (): Json => Object.fromEntries(IMAGE_TYPES.map((type) => [type, picture()]))

const upload = (): Json => ({
  operationId: 'uploadFile',
  summary: 'Keep a picture',
  tags: ['files'],
  description: `JPEG, PNG or WebP of up to 5 MB and 50 megapixels; what it is, is read from its content. What stands behind its end is cut off. ${rolesText(files(), 'create')}`,
  'x-roles': rolesOf(files(), 'create'),
  parameters: [
    query('id', { type: 'string', format: 'uuid' }, 'The id of the file: sent again with it, it is made once.'),
    query('name', { type: 'string', minLength: 1, maxLength: 200 }, 'What it was called; folders are left out.'),
    query('branch_id', { type: 'string', format: 'uuid' }, 'The branch it is for; without, it is for all of them.'),
    parameterRef('IdempotencyKey'),
    ...writeParameters
  ],
  requestBody: { required: true, content: pictures() },
  responses: {
    200: written('The file that an earlier upload with this id made', 'File', replayHeaders),
    201: written('The new file', 'File'),
    ...errorResponses(uploadReasons())
  }
})

const header = (description: string, pattern: string): Json => ({
  description,
  schema: { type: 'string', pattern, maxLength: 1500 }
})

const contentHeaders = (): Json => ({
  ...countedHeaders,
  ETag: header('The hash of the content: sent back in `If-None-Match` it spares the content', '^"[0-9a-f]{64}"$'),
  'Cache-Control': header('Kept by the caller’s browser for a year, as content never changes', '^private, .+$'),
  'Content-Disposition': header('To be shown, and what it is called where it is saved', '^inline; .+$')
})

const content = (): Json => ({
  operationId: 'readFileContent',
  summary: 'The picture itself',
  tags: ['files'],
  description: `Also \`HEAD\`. For an \`img\` of a page: fetched with the token, and shown from \`URL.createObjectURL\`. ${rolesText(files(), 'get')}`,
  'x-roles': rolesOf(files(), 'get'),
  parameters: [parameterRef('Id')],
  responses: {
    200: { description: 'The picture', headers: contentHeaders(), content: pictures() },
    304: { description: 'The caller has it already', headers: contentHeaders() },
    ...errorResponses(contentReasons())
  }
})

/** Writes the addresses of pictures beside those that every resource has. */
export function addImagePaths(paths: Record<string, Json>): void {
  Object.assign(paths['/files']!, { post: upload() })
  paths['/files/{id}/content'] = { get: content() }
}
