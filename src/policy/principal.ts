import type { AccessTable } from './access.ts'

/** Who a request is made by: one signed-in session, with the access its role gives. Kept in memory, so checking costs no query. */
export interface Principal {
  session_id: string
  user: {
    id: string
    username: string
    email: string
    full_name: string
    /** The role's name. */
    role: string
    role_id: string
    branch_id: string | null
    is_active: boolean
  }
  access: AccessTable
}
