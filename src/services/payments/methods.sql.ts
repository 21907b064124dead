/**
 * Of the methods of payment in `codes`, an SQL list: those that are taken (`methods`), and those that are cash
 * (`cash_methods`). A row to select from, whatever there is.
 */
export const methodsAmong = (codes: string): string =>
  `(select coalesce(array_agg(code) filter (where is_active), '{}') as methods, coalesce(array_agg(code) filter (where is_cash), '{}') as cash_methods
    from payment_methods where code = any(${codes}::text[]))`
