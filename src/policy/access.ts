/** A CASL rule as `roles.permissions` keeps it. */
export interface Rule {
  action: string | string[]
  subject: string | string[]
  fields?: string[]
  conditions?: Record<string, unknown>
}
export interface AccessTable {
  rules: Rule[]
}
/** Compiles a role's rules once; shared by every session of that role. */
export function compileAccess(rules: Rule[]): AccessTable {
  return { rules }
}
