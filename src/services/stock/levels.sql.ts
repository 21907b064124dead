/**
 * The rows of moved levels as JSON for the events, each with what was free before (on hand and kept for no order) and the
 * product's limit: from these follows whether the movement crossed it. `was` is an expression over the level `v`.
 */
export const movedLevels = (from: string, was: string): string =>
  `(select json_agg(to_jsonb(v) || jsonb_build_object('was', ${was}, 'limited_qty', p.limited_qty)) from ${from} v join products p on p.id = v.product_id)`
