/** The number printed on a document, `MAIN-01-000123`: branch, register, and the place in that register's series, at least 6 digits. */
export function documentNumber(branchCode: string, registerCode: string, n: number | bigint): string {
  return `${branchCode}-${registerCode}-${String(n).padStart(6, '0')}`
}
