import type { Database, Queryable } from '../database/connection.ts'
import { failure, fieldFailure } from '../errors.ts'
import { newId } from '../ids.ts'
import { fullAccess } from '../policy/access.ts'
import { type Call, momentOf } from '../policy/call.ts'
import { gateOf } from '../policy/gate.ts'
import type { Places } from '../policy/places.ts'
import { within } from '../policy/reader.ts'
import type { Resource } from '../schemas/define.ts'
import type { Key } from '../schemas/keys.ts'
import type { Plan } from '../schemas/query.ts'
import { parseQuery } from '../schemas/query.ts'
import { clientId, fingerprintOf, hasTwin, requireTwin } from './exactly-once.ts'
import { findPage, type Page } from './find.ts'
import { findGroups } from './groups.ts'
import { selectOne } from './page.sql.ts'
import type { Row } from './projection.ts'
import { addRelated } from './relations.ts'
import { type Author, type Built, deleteOne, insertOne, updateOne } from './resource.sql.ts'
import type { Scope } from './scope.ts'
import { upsert } from './upsert.ts'

/** What every service is given: the database and the shop's branches. */
export interface Engine {
  database: Database
  places: Places
}

/**
 * Find, get, create, patch and remove of one resource. Subclasses override the verbs that do more. Members are `private`
 * and not `#private`, as Feathers calls services through an object derived from them.
 */
export class ResourceService {
  readonly resource: Resource
  readonly engine: Engine

  constructor(resource: Resource, engine: Engine) {
    this.resource = resource
    this.engine = engine
  }

  /** A page of records, or of groups. @throws 400 for a query that names what is not there or not visible */
  async find(call: Call = {}): Promise<Page> {
    const plan = this.plan(call)
    const list = { db: this.db(call), resource: this.resource, plan, scope: this.scope(call) }
    if (plan.aggregate) return findGroups(list, this.engine.places.zones(call.reader?.scope_branch_id ?? null))
    const page = await findPage(list)
    await addRelated(list.db, this.resource, page.data, { ...call, plan })
    return page
  }

  /** One record. @throws 404 when it is not there or out of reach */
  async get(id: string, call: Call = {}): Promise<Row> {
    const plan = this.plan(call)
    const { text, values, record } = selectOne(this.resource, id, plan, this.scope(call))
    const [cells] = await this.db(call).rows(text, values)
    if (!cells) throw failure('not_found')
    const row = record(cells)
    await addRelated(this.db(call), this.resource, [row], { ...call, plan })
    return row
  }

  /** Makes a record, exactly once per client-made id. @throws 409 when the id was used with other content */
  async create(data: Record<string, unknown>, call: Call = {}): Promise<Row> {
    if (call.upsert) return upsert(this, data, call, call.upsert)
    return this.exactlyOnce(data, call, async (id, fingerprint) => (await this.insert(data, call, id, fingerprint))!)
  }

  /** Writes the row of a create; undefined where the unique key `unless` is taken. */
  async insert(data: Row, call: Call, id: string, fingerprint: string | null, unless?: Key): Promise<Row | undefined> {
    const record = this.complete(await this.prepare(data, call), call)
    record.id = id
    this.requireWithin(record, call)
    const author = this.author(call, fingerprint)
    return this.one(insertOne(this.resource, record, author, this.fullScope(call), unless), call)
  }

  /** Changes fields of a record. @throws 404, or 409 stale_version when `version` is not the stored one */
  async patch(id: string, data: Record<string, unknown>, call: Call = {}): Promise<Row> {
    const { version, ...given } = data
    const changes = await this.prepare(given, call, id)
    if (!Object.keys(changes).length) return this.unchanged(id, version, call)
    this.requireWithin(changes, call, true)
    const scope = this.writeScope(call)
    const built = updateOne(this.resource, id, changes, version as number | undefined, this.author(call), scope)
    const [row] = await this.db(call).rows(built.text, built.values)
    if (!row) throw failure('not_found')
    const [stored, ...cells] = row
    if (cells[0] === null) throw failure('stale_version', { version: stored })
    return built.projection.decode(cells)
  }

  /** The answer to a patch that changes nothing: the record as it is, when its version is the expected one. */
  protected async unchanged(id: string, version: unknown, call: Call): Promise<Row> {
    const record = await this.get(id, this.reach(call))
    if (version !== undefined && version !== record.version) throw failure('stale_version', { version: record.version })
    call.unchanged = true
    return record
  }

  /** Deletes a record and answers it. @throws 404, or 409 in_use when others refer to it */
  async remove(id: string, call: Call = {}): Promise<Row> {
    const row = await this.one(deleteOne(this.resource, id, this.author(call), this.writeScope(call)), call)
    if (!row) throw failure('not_found')
    return row
  }

  /**
   * The columns that a client's data stands for; of a patch when `id` is given. For services that take more than
   * columns, or have rules of their own.
   */
  protected prepare(data: Row, _call: Call, _id?: string): Promise<Row> | Row {
    return data
  }

  /** The data with what its definition fills in: defaults, the caller's branch and user, today. */
  complete(data: Record<string, unknown>, call: Call): Row {
    const { principal, reader } = call
    const record: Row = { ...data }
    const at = momentOf(call)
    if (at) record.created_at = at.toISOString()
    for (const name of this.resource.columns) {
      const field = this.resource.all[name]!
      if (record[name] !== undefined) continue
      if (field.default !== undefined) record[name] = field.default
      else if (field.defaultFrom === 'branch') record[name] = reader ? reader.scope_branch_id : this.engine.places.home
      else if (field.defaultFrom === 'user') record[name] = principal?.user.id ?? null
      else if (field.defaultFrom === 'today')
        record[name] = at ? this.dayOf(at, call) : (reader?.today ?? this.engine.places.today(null))
    }
    return record
  }

  private dayOf(at: Date, { reader }: Call): string {
    return this.engine.places.today(reader?.scope_branch_id ?? null, at)
  }

  /**
   * Runs a create under the client's id, or a new one. When it is refused because an earlier one with that id is there,
   * answers that one's record, if it had the same content. A larger transaction cannot go on after a refusal: there the
   * earlier one is looked for first, and one that comes in between makes the transaction fail.
   */
  protected async exactlyOnce(
    data: Row,
    call: Call,
    write: (id: string, fingerprint: string | null) => Promise<Row>
  ): Promise<Row> {
    if (call.upsert) throw fieldFailure('invalid_query', '$upsert', 'is not offered here')
    const given = clientId(this.resource, data, call)
    if (!given) return write(newId(), null)
    const fingerprint = fingerprintOf(this.resource, data, call)
    if (call.transaction && (await hasTwin(call.transaction, this.resource, given)))
      return this.replay(given, fingerprint, call)
    try {
      return await write(given, fingerprint)
    } catch (error) {
      if (call.transaction || !(await hasTwin(this.db(call), this.resource, given, error))) throw error
      return this.replay(given, fingerprint, call)
    }
  }

  /** The record of an earlier create with this id, when it had the same content. */
  private async replay(id: string, fingerprint: string, call: Call): Promise<Row> {
    await requireTwin(this.db(call), this.resource, id, fingerprint)
    call.replayed = true
    const { principal, reader, transaction } = call
    return this.get(id, { principal, reader, transaction, access: fullAccess(this.resource) })
  }

  protected requireWithin(record: Row, call: Call, partial = false): void {
    const { access, reader } = call
    if (access && reader && !within(access.alternatives, record, reader, partial)) throw failure('not_allowed')
  }

  /**
   * For a service that reads a record itself: the rows of the caller's reach, but every field, as the fields that may
   * be written are not those that are read. Without a provider, so the hooks let it pass.
   */
  reach(call: Call): Call {
    const { access, reader, transaction } = call
    const { alternatives } = access ?? {}
    const { select: _, ...plan } = this.plan(call)
    return {
      access: { ...fullAccess(this.resource), ...(alternatives && { alternatives }) },
      plan: { ...plan, include: [] },
      reader,
      transaction
    }
  }

  /** Runs several statements as one: in the caller's transaction, else in one of its own. */
  inTransaction<T>({ transaction }: Call, work: (db: Queryable) => Promise<T>): Promise<T> {
    return transaction ? work(transaction) : this.engine.database.transaction(work)
  }

  protected db(call: Call): Queryable {
    return call.transaction ?? this.engine.database
  }

  scope(call: Call): Scope {
    return { access: call.access ?? fullAccess(this.resource), reader: call.reader }
  }

  /** A write reaches the row only where it is as the query says. */
  private writeScope(call: Call): Scope {
    const { where } = this.plan(call)
    return { ...this.scope(call), ...(where && { where }) }
  }

  protected fullScope(call: Call): Scope {
    return { access: fullAccess(this.resource), reader: call.reader }
  }

  protected plan(call: Call): Plan {
    if (call.plan) return call.plan
    return parseQuery(gateOf(this.resource, call, false), call.query)
  }

  protected author({ principal, request_id }: Call, fingerprint: string | null = null): Author {
    return {
      audit_id: newId(),
      user_id: principal?.user.id ?? null,
      session_id: principal?.session_id ?? null,
      request_id: request_id ?? null,
      fingerprint
    }
  }

  protected async one({ text, values, projection }: Built, call: Call): Promise<Row | undefined> {
    const [cells] = await this.db(call).rows(text, values)
    return cells && projection.decode(cells)
  }
}
