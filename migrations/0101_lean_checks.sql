-- safe: branches.tax_rounding: the same bounds, written as check ("tax_rounding" = any ('{line,document}'::text[]))
-- safe: branches.stock_policy: the same bounds, written as check ("stock_policy" = any ('{block,warn,allow}'::text[]))
-- safe: settings.key: the same bounds, written as check ("key" = any ('{discount_limit_percent,override_limit_percent,refund_limit,blind_count,embedded_barcodes}'::text[]))
-- safe: salesmen.commission_rate: the same bounds, written as check ("commission_rate" >= '0'::numeric and "commission_rate" <= '100'::numeric)
-- safe: customers.credit_limit: the same bounds, written as check ("credit_limit" >= '0'::numeric and "credit_limit" < 'NaN'::numeric)
-- safe: files.content_type: the same bounds, written as check ("content_type" = any ('{"image/jpeg","image/png","image/webp"}'::text[]))
-- safe: products.kind: the same bounds, written as check ("kind" = any ('{goods,service}'::text[]))
-- safe: products.unit_price: the same bounds, written as check ("unit_price" >= '0'::numeric and "unit_price" < 'NaN'::numeric)
-- safe: products.cost_price: the same bounds, written as check ("cost_price" >= '0'::numeric and "cost_price" < 'NaN'::numeric)
-- safe: products.tax_rate: the same bounds, written as check ("tax_rate" >= '0'::numeric and "tax_rate" <= '100'::numeric)
-- safe: products.discount: the same bounds, written as check ("discount" >= '0'::numeric and "discount" <= '100'::numeric)
-- safe: products.limited_qty: the same bounds, written as check ("limited_qty" >= '0'::numeric and "limited_qty" <= '999999999'::numeric)
-- safe: price_list_items.min_quantity: the same bounds, written as check ("min_quantity" >= '0'::numeric and "min_quantity" <= '999999999'::numeric)
-- safe: price_list_items.price: the same bounds, written as check ("price" >= '0'::numeric and "price" < 'NaN'::numeric)
-- safe: stock_levels.on_hand: the same bounds, written as check ("on_hand" >= '-999999999'::numeric and "on_hand" <= '999999999'::numeric)
-- safe: stock_levels.reserved: the same bounds, written as check ("reserved" >= '0'::numeric and "reserved" <= '999999999'::numeric)
-- safe: stock_levels.average_cost: the same bounds, written as check ("average_cost" < 'NaN'::numeric)
-- safe: stock_entries.qty: the same bounds, written as check ("qty" >= '-999999999'::numeric and "qty" <= '999999999'::numeric)
-- safe: stock_entries.type: the same bounds, written as check ("type" = any ('{IN,OUT,ADJUST}'::text[]))
-- safe: stock_entries.unit_cost: the same bounds, written as check ("unit_cost" >= '0'::numeric and "unit_cost" < 'NaN'::numeric)
-- safe: stock_entries.balance_after: the same bounds, written as check ("balance_after" >= '-999999999'::numeric and "balance_after" <= '999999999'::numeric)
-- safe: shifts.float: the same bounds, written as check ("float" >= '0'::numeric and "float" < 'NaN'::numeric)
-- safe: shifts.status: the same bounds, written as check ("status" = any ('{open,closed}'::text[]))
-- safe: cash_movements.kind: the same bounds, written as check ("kind" = any ('{paid_in,paid_out,drop,expense,deposit,no_sale}'::text[]))
-- safe: cash_movements.amount: the same bounds, written as check ("amount" >= '0'::numeric and "amount" < 'NaN'::numeric)
-- safe: approvals.action: the same bounds, written as check ("action" = any ('{discount,override,refund}'::text[]))
-- safe: approvals.amount: the same bounds, written as check ("amount" >= '0'::numeric and "amount" < 'NaN'::numeric)
-- safe: expenses.amount: the same bounds, written as check ("amount" >= '0'::numeric and "amount" < 'NaN'::numeric)
-- safe: expenses.direction: the same bounds, written as check ("direction" = any ('{expense,reverse}'::text[]))
-- safe: vendor_payments.amount: the same bounds, written as check ("amount" >= '0'::numeric and "amount" < 'NaN'::numeric)
-- safe: vendor_payments.direction: the same bounds, written as check ("direction" = any ('{payment,reverse}'::text[]))
-- safe: vendor_payments.balance_after: the same bounds, written as check ("balance_after" < 'NaN'::numeric)
-- safe: invoices.status: the same bounds, written as check ("status" = any ('{draft,issued,partial,paid,cancelled,refunded}'::text[]))
-- safe: invoices.tax_rounding: the same bounds, written as check ("tax_rounding" = any ('{line,document}'::text[]))
-- safe: invoices.subtotal: the same bounds, written as check ("subtotal" < 'NaN'::numeric)
-- safe: invoices.discount: the same bounds, written as check ("discount" < 'NaN'::numeric)
-- safe: invoices.tax: the same bounds, written as check ("tax" < 'NaN'::numeric)
-- safe: invoices.total: the same bounds, written as check ("total" < 'NaN'::numeric)
-- safe: invoices.paid: the same bounds, written as check ("paid" < 'NaN'::numeric)
-- safe: invoices.change: the same bounds, written as check ("change" < 'NaN'::numeric)
-- safe: invoices.balance: the same bounds, written as check ("balance" < 'NaN'::numeric)
-- safe: invoices.refunded: the same bounds, written as check ("refunded" < 'NaN'::numeric)
-- safe: invoices.credited: the same bounds, written as check ("credited" < 'NaN'::numeric)
-- safe: invoices.discounts: the same bounds, written as check ("discounts" >= '0'::numeric and "discounts" < 'NaN'::numeric)
-- safe: invoices.commission_rate: the same bounds, written as check ("commission_rate" >= '0'::numeric and "commission_rate" <= '100'::numeric)
-- safe: invoices.commission: the same bounds, written as check ("commission" >= '0'::numeric and "commission" < 'NaN'::numeric)
-- safe: invoice_items.quantity: the same bounds, written as check ("quantity" >= '0'::numeric and "quantity" <= '999999999'::numeric)
-- safe: invoice_items.unit_price: the same bounds, written as check ("unit_price" < 'NaN'::numeric)
-- safe: invoice_items.list_price: the same bounds, written as check ("list_price" < 'NaN'::numeric)
-- safe: invoice_items.offer_price: the same bounds, written as check ("offer_price" < 'NaN'::numeric)
-- safe: invoice_items.price_source: the same bounds, written as check ("price_source" = any ('{list,price_list,barcode,override}'::text[]))
-- safe: invoice_items.unit_cost: the same bounds, written as check ("unit_cost" < 'NaN'::numeric)
-- safe: invoice_items.discount: the same bounds, written as check ("discount" < 'NaN'::numeric)
-- safe: invoice_items.discount_source: the same bounds, written as check ("discount_source" = any ('{product,given}'::text[]))
-- safe: invoice_items.document_discount: the same bounds, written as check ("document_discount" < 'NaN'::numeric)
-- safe: invoice_items.tax_rate: the same bounds, written as check ("tax_rate" >= '0'::numeric and "tax_rate" <= '100'::numeric)
-- safe: invoice_items.tax: the same bounds, written as check ("tax" < 'NaN'::numeric)
-- safe: invoice_items.total: the same bounds, written as check ("total" < 'NaN'::numeric)
-- safe: refunds.amount: the same bounds, written as check ("amount" < 'NaN'::numeric)
-- safe: refunds.tax: the same bounds, written as check ("tax" < 'NaN'::numeric)
-- safe: refunds.credited: the same bounds, written as check ("credited" < 'NaN'::numeric)
-- safe: refunds.paid_out: the same bounds, written as check ("paid_out" < 'NaN'::numeric)
-- safe: refunds.commission: the same bounds, written as check ("commission" >= '0'::numeric and "commission" < 'NaN'::numeric)
-- safe: refund_items.quantity: the same bounds, written as check ("quantity" >= '0'::numeric and "quantity" <= '999999999'::numeric)
-- safe: refund_items.condition: the same bounds, written as check ("condition" = any ('{restock,damaged}'::text[]))
-- safe: refund_items.amount: the same bounds, written as check ("amount" < 'NaN'::numeric)
-- safe: refund_items.tax: the same bounds, written as check ("tax" < 'NaN'::numeric)
-- safe: refund_items.unit_cost: the same bounds, written as check ("unit_cost" < 'NaN'::numeric)
-- safe: invoice_voids.amount: the same bounds, written as check ("amount" < 'NaN'::numeric)
-- safe: invoice_voids.paid_out: the same bounds, written as check ("paid_out" < 'NaN'::numeric)
-- safe: invoice_voids.credited: the same bounds, written as check ("credited" < 'NaN'::numeric)
-- safe: ideal_prices.min_quantity: the same bounds, written as check ("min_quantity" >= '0'::numeric and "min_quantity" <= '999999999'::numeric)
-- safe: ideal_prices.price: the same bounds, written as check ("price" >= '0'::numeric and "price" < 'NaN'::numeric)
-- safe: quotations.status: the same bounds, written as check ("status" = any ('{draft,sent,approved,rejected,converted}'::text[]))
-- safe: quotations.rush_surcharge: the same bounds, written as check ("rush_surcharge" >= '0'::numeric and "rush_surcharge" < 'NaN'::numeric)
-- safe: quotations.tax_rounding: the same bounds, written as check ("tax_rounding" = any ('{line,document}'::text[]))
-- safe: quotations.subtotal: the same bounds, written as check ("subtotal" < 'NaN'::numeric)
-- safe: quotations.discount: the same bounds, written as check ("discount" < 'NaN'::numeric)
-- safe: quotations.tax: the same bounds, written as check ("tax" < 'NaN'::numeric)
-- safe: quotations.total: the same bounds, written as check ("total" < 'NaN'::numeric)
-- safe: quotations.discounts: the same bounds, written as check ("discounts" >= '0'::numeric and "discounts" < 'NaN'::numeric)
-- safe: quotation_items.quantity: the same bounds, written as check ("quantity" >= '0'::numeric and "quantity" <= '999999999'::numeric)
-- safe: quotation_items.price: the same bounds, written as check ("price" < 'NaN'::numeric)
-- safe: quotation_items.unit_price: the same bounds, written as check ("unit_price" < 'NaN'::numeric)
-- safe: quotation_items.discount: the same bounds, written as check ("discount" < 'NaN'::numeric)
-- safe: quotation_items.document_discount: the same bounds, written as check ("document_discount" < 'NaN'::numeric)
-- safe: quotation_items.tax_rate: the same bounds, written as check ("tax_rate" >= '0'::numeric and "tax_rate" <= '100'::numeric)
-- safe: quotation_items.tax: the same bounds, written as check ("tax" < 'NaN'::numeric)
-- safe: quotation_items.total: the same bounds, written as check ("total" < 'NaN'::numeric)
-- safe: custom_orders.status: the same bounds, written as check ("status" = any ('{pending,in_progress,completed,delivered,cancelled}'::text[]))
-- safe: custom_orders.rush_surcharge: the same bounds, written as check ("rush_surcharge" >= '0'::numeric and "rush_surcharge" < 'NaN'::numeric)
-- safe: custom_orders.tax_rounding: the same bounds, written as check ("tax_rounding" = any ('{line,document}'::text[]))
-- safe: custom_orders.subtotal: the same bounds, written as check ("subtotal" < 'NaN'::numeric)
-- safe: custom_orders.discount: the same bounds, written as check ("discount" < 'NaN'::numeric)
-- safe: custom_orders.tax: the same bounds, written as check ("tax" < 'NaN'::numeric)
-- safe: custom_orders.total: the same bounds, written as check ("total" < 'NaN'::numeric)
-- safe: custom_orders.discounts: the same bounds, written as check ("discounts" >= '0'::numeric and "discounts" < 'NaN'::numeric)
-- safe: custom_orders.paid: the same bounds, written as check ("paid" < 'NaN'::numeric)
-- safe: custom_orders.balance: the same bounds, written as check ("balance" < 'NaN'::numeric)
-- safe: custom_order_items.quantity: the same bounds, written as check ("quantity" >= '0'::numeric and "quantity" <= '999999999'::numeric)
-- safe: custom_order_items.price: the same bounds, written as check ("price" < 'NaN'::numeric)
-- safe: custom_order_items.unit_price: the same bounds, written as check ("unit_price" < 'NaN'::numeric)
-- safe: custom_order_items.discount: the same bounds, written as check ("discount" < 'NaN'::numeric)
-- safe: custom_order_items.document_discount: the same bounds, written as check ("document_discount" < 'NaN'::numeric)
-- safe: custom_order_items.tax_rate: the same bounds, written as check ("tax_rate" >= '0'::numeric and "tax_rate" <= '100'::numeric)
-- safe: custom_order_items.tax: the same bounds, written as check ("tax" < 'NaN'::numeric)
-- safe: custom_order_items.total: the same bounds, written as check ("total" < 'NaN'::numeric)
-- safe: stock_reservations.quantity: the same bounds, written as check ("quantity" >= '-999999999'::numeric and "quantity" <= '999999999'::numeric)
-- safe: stock_reservations.reserved_after: the same bounds, written as check ("reserved_after" >= '0'::numeric and "reserved_after" <= '999999999'::numeric)
-- safe: stock_reservations.reason: the same bounds, written as check ("reason" = any ('{reserved,released,delivered,cancelled}'::text[]))
-- safe: order_closings.outcome: the same bounds, written as check ("outcome" = any ('{delivered,cancelled}'::text[]))
-- safe: order_closings.advance: the same bounds, written as check ("advance" = any ('{refund,credit}'::text[]))
-- safe: order_closings.refunded: the same bounds, written as check ("refunded" < 'NaN'::numeric)
-- safe: order_closings.credited: the same bounds, written as check ("credited" < 'NaN'::numeric)
-- safe: order_payments.direction: the same bounds, written as check ("direction" = any ('{in,out}'::text[]))
-- safe: order_payments.amount: the same bounds, written as check ("amount" >= '0'::numeric and "amount" < 'NaN'::numeric)
-- safe: payments.amount: the same bounds, written as check ("amount" >= '0'::numeric and "amount" < 'NaN'::numeric)
-- safe: payments.tendered: the same bounds, written as check ("tendered" >= '0'::numeric and "tendered" < 'NaN'::numeric)
-- safe: payments.change: the same bounds, written as check ("change" < 'NaN'::numeric)
-- safe: payments.direction: the same bounds, written as check ("direction" = any ('{in,out}'::text[]))
-- safe: payment_allocations.amount: the same bounds, written as check ("amount" < 'NaN'::numeric)
-- safe: account_entries.party: the same bounds, written as check ("party" = any ('{customer,vendor}'::text[]))
-- safe: account_entries.amount: the same bounds, written as check ("amount" < 'NaN'::numeric)
-- safe: account_entries.balance_after: the same bounds, written as check ("balance_after" < 'NaN'::numeric)
-- safe: stock_receipts.total: the same bounds, written as check ("total" < 'NaN'::numeric)
-- safe: stock_receipt_items.quantity: the same bounds, written as check ("quantity" >= '0'::numeric and "quantity" <= '999999999'::numeric)
-- safe: stock_receipt_items.unit_cost: the same bounds, written as check ("unit_cost" >= '0'::numeric and "unit_cost" < 'NaN'::numeric)
-- safe: stock_receipt_items.unit_price: the same bounds, written as check ("unit_price" >= '0'::numeric and "unit_price" < 'NaN'::numeric)
-- safe: stock_receipt_items.total: the same bounds, written as check ("total" < 'NaN'::numeric)
-- safe: stock_returns.total: the same bounds, written as check ("total" < 'NaN'::numeric)
-- safe: stock_return_items.quantity: the same bounds, written as check ("quantity" >= '0'::numeric and "quantity" <= '999999999'::numeric)
-- safe: stock_return_items.unit_cost: the same bounds, written as check ("unit_cost" >= '0'::numeric and "unit_cost" < 'NaN'::numeric)
-- safe: stock_return_items.total: the same bounds, written as check ("total" < 'NaN'::numeric)
-- safe: stock_transfers.status: the same bounds, written as check ("status" = any ('{sent,received}'::text[]))
-- safe: stock_transfer_items.quantity: the same bounds, written as check ("quantity" >= '0'::numeric and "quantity" <= '999999999'::numeric)
-- safe: stock_transfer_items.unit_cost: the same bounds, written as check ("unit_cost" >= '0'::numeric and "unit_cost" < 'NaN'::numeric)
-- safe: stock_transfer_receipt_items.sent: the same bounds, written as check ("sent" >= '0'::numeric and "sent" <= '999999999'::numeric)
-- safe: stock_transfer_receipt_items.quantity: the same bounds, written as check ("quantity" >= '0'::numeric and "quantity" <= '999999999'::numeric)
-- safe: stock_transfer_receipt_items.difference: the same bounds, written as check ("difference" >= '-999999999'::numeric and "difference" <= '999999999'::numeric)
-- safe: stock_transfer_receipt_items.unit_cost: the same bounds, written as check ("unit_cost" >= '0'::numeric and "unit_cost" < 'NaN'::numeric)
-- safe: stock_counts.status: the same bounds, written as check ("status" = any ('{open,closed}'::text[]))
-- safe: stock_count_lines.counted: the same bounds, written as check ("counted" >= '0'::numeric and "counted" <= '999999999'::numeric)
-- safe: stock_count_lines.expected: the same bounds, written as check ("expected" >= '-999999999'::numeric and "expected" <= '999999999'::numeric)
-- safe: stock_count_closings.value: the same bounds, written as check ("value" < 'NaN'::numeric)
-- safe: stock_count_closing_items.counted: the same bounds, written as check ("counted" >= '0'::numeric and "counted" <= '999999999'::numeric)
-- safe: stock_count_closing_items.expected: the same bounds, written as check ("expected" >= '-999999999'::numeric and "expected" <= '999999999'::numeric)
-- safe: stock_count_closing_items.difference: the same bounds, written as check ("difference" >= '-999999999'::numeric and "difference" <= '999999999'::numeric)
-- safe: stock_count_closing_items.unit_cost: the same bounds, written as check ("unit_cost" >= '0'::numeric and "unit_cost" < 'NaN'::numeric)
-- safe: stock_count_closing_items.value: the same bounds, written as check ("value" < 'NaN'::numeric)
-- safe: imports.status: the same bounds, written as check ("status" = any ('{running,done,failed}'::text[]))
-- safe: imports.format: the same bounds, written as check ("format" = any ('{csv,xlsx,jsonl}'::text[]))
-- safe: imports.on_error: the same bounds, written as check ("on_error" = any ('{skip,stop}'::text[]))

set local lock_timeout = '3s';

alter table branches drop constraint branches_tax_rounding_bounds,
  drop constraint branches_stock_policy_bounds;

alter table settings drop constraint settings_key_bounds;

alter table salesmen drop constraint salesmen_commission_rate_bounds;

alter table customers drop constraint customers_credit_limit_bounds;

alter table files drop constraint files_content_type_bounds;

alter table products drop constraint products_kind_bounds,
  drop constraint products_unit_price_bounds,
  drop constraint products_cost_price_bounds,
  drop constraint products_tax_rate_bounds,
  drop constraint products_discount_bounds,
  drop constraint products_limited_qty_bounds;

alter table price_list_items drop constraint price_list_items_min_quantity_bounds,
  drop constraint price_list_items_price_bounds;

alter table stock_levels drop constraint stock_levels_on_hand_bounds,
  drop constraint stock_levels_reserved_bounds,
  drop constraint stock_levels_average_cost_bounds;

alter table stock_entries drop constraint stock_entries_qty_bounds,
  drop constraint stock_entries_type_bounds,
  drop constraint stock_entries_unit_cost_bounds,
  drop constraint stock_entries_balance_after_bounds;

alter table shifts drop constraint shifts_float_bounds,
  drop constraint shifts_status_bounds;

alter table cash_movements drop constraint cash_movements_kind_bounds,
  drop constraint cash_movements_amount_bounds;

alter table approvals drop constraint approvals_action_bounds,
  drop constraint approvals_amount_bounds;

alter table expenses drop constraint expenses_amount_bounds,
  drop constraint expenses_direction_bounds;

alter table vendor_payments drop constraint vendor_payments_amount_bounds,
  drop constraint vendor_payments_direction_bounds,
  drop constraint vendor_payments_balance_after_bounds;

alter table invoices drop constraint invoices_status_bounds,
  drop constraint invoices_tax_rounding_bounds,
  drop constraint invoices_subtotal_bounds,
  drop constraint invoices_discount_bounds,
  drop constraint invoices_tax_bounds,
  drop constraint invoices_total_bounds,
  drop constraint invoices_paid_bounds,
  drop constraint invoices_change_bounds,
  drop constraint invoices_balance_bounds,
  drop constraint invoices_refunded_bounds,
  drop constraint invoices_credited_bounds,
  drop constraint invoices_discounts_bounds,
  drop constraint invoices_commission_rate_bounds,
  drop constraint invoices_commission_bounds;

alter table invoice_items drop constraint invoice_items_quantity_bounds,
  drop constraint invoice_items_unit_price_bounds,
  drop constraint invoice_items_list_price_bounds,
  drop constraint invoice_items_offer_price_bounds,
  drop constraint invoice_items_price_source_bounds,
  drop constraint invoice_items_unit_cost_bounds,
  drop constraint invoice_items_discount_bounds,
  drop constraint invoice_items_discount_source_bounds,
  drop constraint invoice_items_document_discount_bounds,
  drop constraint invoice_items_tax_rate_bounds,
  drop constraint invoice_items_tax_bounds,
  drop constraint invoice_items_total_bounds;

alter table refunds drop constraint refunds_amount_bounds,
  drop constraint refunds_tax_bounds,
  drop constraint refunds_credited_bounds,
  drop constraint refunds_paid_out_bounds,
  drop constraint refunds_commission_bounds;

alter table refund_items drop constraint refund_items_quantity_bounds,
  drop constraint refund_items_condition_bounds,
  drop constraint refund_items_amount_bounds,
  drop constraint refund_items_tax_bounds,
  drop constraint refund_items_unit_cost_bounds;

alter table invoice_voids drop constraint invoice_voids_amount_bounds,
  drop constraint invoice_voids_paid_out_bounds,
  drop constraint invoice_voids_credited_bounds;

alter table ideal_prices drop constraint ideal_prices_min_quantity_bounds,
  drop constraint ideal_prices_price_bounds;

alter table quotations drop constraint quotations_status_bounds,
  drop constraint quotations_rush_surcharge_bounds,
  drop constraint quotations_tax_rounding_bounds,
  drop constraint quotations_subtotal_bounds,
  drop constraint quotations_discount_bounds,
  drop constraint quotations_tax_bounds,
  drop constraint quotations_total_bounds,
  drop constraint quotations_discounts_bounds;

alter table quotation_items drop constraint quotation_items_quantity_bounds,
  drop constraint quotation_items_price_bounds,
  drop constraint quotation_items_unit_price_bounds,
  drop constraint quotation_items_discount_bounds,
  drop constraint quotation_items_document_discount_bounds,
  drop constraint quotation_items_tax_rate_bounds,
  drop constraint quotation_items_tax_bounds,
  drop constraint quotation_items_total_bounds;

alter table custom_orders drop constraint custom_orders_status_bounds,
  drop constraint custom_orders_rush_surcharge_bounds,
  drop constraint custom_orders_tax_rounding_bounds,
  drop constraint custom_orders_subtotal_bounds,
  drop constraint custom_orders_discount_bounds,
  drop constraint custom_orders_tax_bounds,
  drop constraint custom_orders_total_bounds,
  drop constraint custom_orders_discounts_bounds,
  drop constraint custom_orders_paid_bounds,
  drop constraint custom_orders_balance_bounds;

alter table custom_order_items drop constraint custom_order_items_quantity_bounds,
  drop constraint custom_order_items_price_bounds,
  drop constraint custom_order_items_unit_price_bounds,
  drop constraint custom_order_items_discount_bounds,
  drop constraint custom_order_items_document_discount_bounds,
  drop constraint custom_order_items_tax_rate_bounds,
  drop constraint custom_order_items_tax_bounds,
  drop constraint custom_order_items_total_bounds;

alter table stock_reservations drop constraint stock_reservations_quantity_bounds,
  drop constraint stock_reservations_reserved_after_bounds,
  drop constraint stock_reservations_reason_bounds;

alter table order_closings drop constraint order_closings_outcome_bounds,
  drop constraint order_closings_advance_bounds,
  drop constraint order_closings_refunded_bounds,
  drop constraint order_closings_credited_bounds;

alter table order_payments drop constraint order_payments_direction_bounds,
  drop constraint order_payments_amount_bounds;

alter table payments drop constraint payments_amount_bounds,
  drop constraint payments_tendered_bounds,
  drop constraint payments_change_bounds,
  drop constraint payments_direction_bounds;

alter table payment_allocations drop constraint payment_allocations_amount_bounds;

alter table account_entries drop constraint account_entries_party_bounds,
  drop constraint account_entries_amount_bounds,
  drop constraint account_entries_balance_after_bounds;

alter table stock_receipts drop constraint stock_receipts_total_bounds;

alter table stock_receipt_items drop constraint stock_receipt_items_quantity_bounds,
  drop constraint stock_receipt_items_unit_cost_bounds,
  drop constraint stock_receipt_items_unit_price_bounds,
  drop constraint stock_receipt_items_total_bounds;

alter table stock_returns drop constraint stock_returns_total_bounds;

alter table stock_return_items drop constraint stock_return_items_quantity_bounds,
  drop constraint stock_return_items_unit_cost_bounds,
  drop constraint stock_return_items_total_bounds;

alter table stock_transfers drop constraint stock_transfers_status_bounds;

alter table stock_transfer_items drop constraint stock_transfer_items_quantity_bounds,
  drop constraint stock_transfer_items_unit_cost_bounds;

alter table stock_transfer_receipt_items drop constraint stock_transfer_receipt_items_sent_bounds,
  drop constraint stock_transfer_receipt_items_quantity_bounds,
  drop constraint stock_transfer_receipt_items_difference_bounds,
  drop constraint stock_transfer_receipt_items_unit_cost_bounds;

alter table stock_counts drop constraint stock_counts_status_bounds;

alter table stock_count_lines drop constraint stock_count_lines_counted_bounds,
  drop constraint stock_count_lines_expected_bounds;

alter table stock_count_closings drop constraint stock_count_closings_value_bounds;

alter table stock_count_closing_items drop constraint stock_count_closing_items_counted_bounds,
  drop constraint stock_count_closing_items_expected_bounds,
  drop constraint stock_count_closing_items_difference_bounds,
  drop constraint stock_count_closing_items_unit_cost_bounds,
  drop constraint stock_count_closing_items_value_bounds;

alter table imports drop constraint imports_status_bounds,
  drop constraint imports_format_bounds,
  drop constraint imports_on_error_bounds;

alter table branches add constraint branches_tax_rounding_bounds check ("tax_rounding" = any ('{line,document}'::text[])) not valid,
  add constraint branches_stock_policy_bounds check ("stock_policy" = any ('{block,warn,allow}'::text[])) not valid;

alter table settings add constraint settings_key_bounds check ("key" = any ('{discount_limit_percent,override_limit_percent,refund_limit,blind_count,embedded_barcodes}'::text[])) not valid;

alter table salesmen add constraint salesmen_commission_rate_bounds check ("commission_rate" >= '0'::numeric and "commission_rate" <= '100'::numeric) not valid;

alter table customers add constraint customers_credit_limit_bounds check ("credit_limit" >= '0'::numeric and "credit_limit" < 'NaN'::numeric) not valid;

alter table files add constraint files_content_type_bounds check ("content_type" = any ('{"image/jpeg","image/png","image/webp"}'::text[])) not valid;

alter table products add constraint products_kind_bounds check ("kind" = any ('{goods,service}'::text[])) not valid,
  add constraint products_unit_price_bounds check ("unit_price" >= '0'::numeric and "unit_price" < 'NaN'::numeric) not valid,
  add constraint products_cost_price_bounds check ("cost_price" >= '0'::numeric and "cost_price" < 'NaN'::numeric) not valid,
  add constraint products_tax_rate_bounds check ("tax_rate" >= '0'::numeric and "tax_rate" <= '100'::numeric) not valid,
  add constraint products_discount_bounds check ("discount" >= '0'::numeric and "discount" <= '100'::numeric) not valid,
  add constraint products_limited_qty_bounds check ("limited_qty" >= '0'::numeric and "limited_qty" <= '999999999'::numeric) not valid;

alter table price_list_items add constraint price_list_items_min_quantity_bounds check ("min_quantity" >= '0'::numeric and "min_quantity" <= '999999999'::numeric) not valid,
  add constraint price_list_items_price_bounds check ("price" >= '0'::numeric and "price" < 'NaN'::numeric) not valid;

alter table stock_levels add constraint stock_levels_on_hand_bounds check ("on_hand" >= '-999999999'::numeric and "on_hand" <= '999999999'::numeric) not valid,
  add constraint stock_levels_reserved_bounds check ("reserved" >= '0'::numeric and "reserved" <= '999999999'::numeric) not valid,
  add constraint stock_levels_average_cost_bounds check ("average_cost" < 'NaN'::numeric) not valid;

alter table stock_entries add constraint stock_entries_qty_bounds check ("qty" >= '-999999999'::numeric and "qty" <= '999999999'::numeric) not valid,
  add constraint stock_entries_type_bounds check ("type" = any ('{IN,OUT,ADJUST}'::text[])) not valid,
  add constraint stock_entries_unit_cost_bounds check ("unit_cost" >= '0'::numeric and "unit_cost" < 'NaN'::numeric) not valid,
  add constraint stock_entries_balance_after_bounds check ("balance_after" >= '-999999999'::numeric and "balance_after" <= '999999999'::numeric) not valid;

alter table shifts add constraint shifts_float_bounds check ("float" >= '0'::numeric and "float" < 'NaN'::numeric) not valid,
  add constraint shifts_status_bounds check ("status" = any ('{open,closed}'::text[])) not valid;

alter table cash_movements add constraint cash_movements_kind_bounds check ("kind" = any ('{paid_in,paid_out,drop,expense,deposit,no_sale}'::text[])) not valid,
  add constraint cash_movements_amount_bounds check ("amount" >= '0'::numeric and "amount" < 'NaN'::numeric) not valid;

alter table approvals add constraint approvals_action_bounds check ("action" = any ('{discount,override,refund}'::text[])) not valid,
  add constraint approvals_amount_bounds check ("amount" >= '0'::numeric and "amount" < 'NaN'::numeric) not valid;

alter table expenses add constraint expenses_amount_bounds check ("amount" >= '0'::numeric and "amount" < 'NaN'::numeric) not valid,
  add constraint expenses_direction_bounds check ("direction" = any ('{expense,reverse}'::text[])) not valid;

alter table vendor_payments add constraint vendor_payments_amount_bounds check ("amount" >= '0'::numeric and "amount" < 'NaN'::numeric) not valid,
  add constraint vendor_payments_direction_bounds check ("direction" = any ('{payment,reverse}'::text[])) not valid,
  add constraint vendor_payments_balance_after_bounds check ("balance_after" < 'NaN'::numeric) not valid;

alter table invoices add constraint invoices_status_bounds check ("status" = any ('{draft,issued,partial,paid,cancelled,refunded}'::text[])) not valid,
  add constraint invoices_tax_rounding_bounds check ("tax_rounding" = any ('{line,document}'::text[])) not valid,
  add constraint invoices_subtotal_bounds check ("subtotal" < 'NaN'::numeric) not valid,
  add constraint invoices_discount_bounds check ("discount" < 'NaN'::numeric) not valid,
  add constraint invoices_tax_bounds check ("tax" < 'NaN'::numeric) not valid,
  add constraint invoices_total_bounds check ("total" < 'NaN'::numeric) not valid,
  add constraint invoices_paid_bounds check ("paid" < 'NaN'::numeric) not valid,
  add constraint invoices_change_bounds check ("change" < 'NaN'::numeric) not valid,
  add constraint invoices_balance_bounds check ("balance" < 'NaN'::numeric) not valid,
  add constraint invoices_refunded_bounds check ("refunded" < 'NaN'::numeric) not valid,
  add constraint invoices_credited_bounds check ("credited" < 'NaN'::numeric) not valid,
  add constraint invoices_discounts_bounds check ("discounts" >= '0'::numeric and "discounts" < 'NaN'::numeric) not valid,
  add constraint invoices_commission_rate_bounds check ("commission_rate" >= '0'::numeric and "commission_rate" <= '100'::numeric) not valid,
  add constraint invoices_commission_bounds check ("commission" >= '0'::numeric and "commission" < 'NaN'::numeric) not valid;

alter table invoice_items add constraint invoice_items_quantity_bounds check ("quantity" >= '0'::numeric and "quantity" <= '999999999'::numeric) not valid,
  add constraint invoice_items_unit_price_bounds check ("unit_price" < 'NaN'::numeric) not valid,
  add constraint invoice_items_list_price_bounds check ("list_price" < 'NaN'::numeric) not valid,
  add constraint invoice_items_offer_price_bounds check ("offer_price" < 'NaN'::numeric) not valid,
  add constraint invoice_items_price_source_bounds check ("price_source" = any ('{list,price_list,barcode,override}'::text[])) not valid,
  add constraint invoice_items_unit_cost_bounds check ("unit_cost" < 'NaN'::numeric) not valid,
  add constraint invoice_items_discount_bounds check ("discount" < 'NaN'::numeric) not valid,
  add constraint invoice_items_discount_source_bounds check ("discount_source" = any ('{product,given}'::text[])) not valid,
  add constraint invoice_items_document_discount_bounds check ("document_discount" < 'NaN'::numeric) not valid,
  add constraint invoice_items_tax_rate_bounds check ("tax_rate" >= '0'::numeric and "tax_rate" <= '100'::numeric) not valid,
  add constraint invoice_items_tax_bounds check ("tax" < 'NaN'::numeric) not valid,
  add constraint invoice_items_total_bounds check ("total" < 'NaN'::numeric) not valid;

alter table refunds add constraint refunds_amount_bounds check ("amount" < 'NaN'::numeric) not valid,
  add constraint refunds_tax_bounds check ("tax" < 'NaN'::numeric) not valid,
  add constraint refunds_credited_bounds check ("credited" < 'NaN'::numeric) not valid,
  add constraint refunds_paid_out_bounds check ("paid_out" < 'NaN'::numeric) not valid,
  add constraint refunds_commission_bounds check ("commission" >= '0'::numeric and "commission" < 'NaN'::numeric) not valid;

alter table refund_items add constraint refund_items_quantity_bounds check ("quantity" >= '0'::numeric and "quantity" <= '999999999'::numeric) not valid,
  add constraint refund_items_condition_bounds check ("condition" = any ('{restock,damaged}'::text[])) not valid,
  add constraint refund_items_amount_bounds check ("amount" < 'NaN'::numeric) not valid,
  add constraint refund_items_tax_bounds check ("tax" < 'NaN'::numeric) not valid,
  add constraint refund_items_unit_cost_bounds check ("unit_cost" < 'NaN'::numeric) not valid;

alter table invoice_voids add constraint invoice_voids_amount_bounds check ("amount" < 'NaN'::numeric) not valid,
  add constraint invoice_voids_paid_out_bounds check ("paid_out" < 'NaN'::numeric) not valid,
  add constraint invoice_voids_credited_bounds check ("credited" < 'NaN'::numeric) not valid;

alter table ideal_prices add constraint ideal_prices_min_quantity_bounds check ("min_quantity" >= '0'::numeric and "min_quantity" <= '999999999'::numeric) not valid,
  add constraint ideal_prices_price_bounds check ("price" >= '0'::numeric and "price" < 'NaN'::numeric) not valid;

alter table quotations add constraint quotations_status_bounds check ("status" = any ('{draft,sent,approved,rejected,converted}'::text[])) not valid,
  add constraint quotations_rush_surcharge_bounds check ("rush_surcharge" >= '0'::numeric and "rush_surcharge" < 'NaN'::numeric) not valid,
  add constraint quotations_tax_rounding_bounds check ("tax_rounding" = any ('{line,document}'::text[])) not valid,
  add constraint quotations_subtotal_bounds check ("subtotal" < 'NaN'::numeric) not valid,
  add constraint quotations_discount_bounds check ("discount" < 'NaN'::numeric) not valid,
  add constraint quotations_tax_bounds check ("tax" < 'NaN'::numeric) not valid,
  add constraint quotations_total_bounds check ("total" < 'NaN'::numeric) not valid,
  add constraint quotations_discounts_bounds check ("discounts" >= '0'::numeric and "discounts" < 'NaN'::numeric) not valid;

alter table quotation_items add constraint quotation_items_quantity_bounds check ("quantity" >= '0'::numeric and "quantity" <= '999999999'::numeric) not valid,
  add constraint quotation_items_price_bounds check ("price" < 'NaN'::numeric) not valid,
  add constraint quotation_items_unit_price_bounds check ("unit_price" < 'NaN'::numeric) not valid,
  add constraint quotation_items_discount_bounds check ("discount" < 'NaN'::numeric) not valid,
  add constraint quotation_items_document_discount_bounds check ("document_discount" < 'NaN'::numeric) not valid,
  add constraint quotation_items_tax_rate_bounds check ("tax_rate" >= '0'::numeric and "tax_rate" <= '100'::numeric) not valid,
  add constraint quotation_items_tax_bounds check ("tax" < 'NaN'::numeric) not valid,
  add constraint quotation_items_total_bounds check ("total" < 'NaN'::numeric) not valid;

alter table custom_orders add constraint custom_orders_status_bounds check ("status" = any ('{pending,in_progress,completed,delivered,cancelled}'::text[])) not valid,
  add constraint custom_orders_rush_surcharge_bounds check ("rush_surcharge" >= '0'::numeric and "rush_surcharge" < 'NaN'::numeric) not valid,
  add constraint custom_orders_tax_rounding_bounds check ("tax_rounding" = any ('{line,document}'::text[])) not valid,
  add constraint custom_orders_subtotal_bounds check ("subtotal" < 'NaN'::numeric) not valid,
  add constraint custom_orders_discount_bounds check ("discount" < 'NaN'::numeric) not valid,
  add constraint custom_orders_tax_bounds check ("tax" < 'NaN'::numeric) not valid,
  add constraint custom_orders_total_bounds check ("total" < 'NaN'::numeric) not valid,
  add constraint custom_orders_discounts_bounds check ("discounts" >= '0'::numeric and "discounts" < 'NaN'::numeric) not valid,
  add constraint custom_orders_paid_bounds check ("paid" < 'NaN'::numeric) not valid,
  add constraint custom_orders_balance_bounds check ("balance" < 'NaN'::numeric) not valid;

alter table custom_order_items add constraint custom_order_items_quantity_bounds check ("quantity" >= '0'::numeric and "quantity" <= '999999999'::numeric) not valid,
  add constraint custom_order_items_price_bounds check ("price" < 'NaN'::numeric) not valid,
  add constraint custom_order_items_unit_price_bounds check ("unit_price" < 'NaN'::numeric) not valid,
  add constraint custom_order_items_discount_bounds check ("discount" < 'NaN'::numeric) not valid,
  add constraint custom_order_items_document_discount_bounds check ("document_discount" < 'NaN'::numeric) not valid,
  add constraint custom_order_items_tax_rate_bounds check ("tax_rate" >= '0'::numeric and "tax_rate" <= '100'::numeric) not valid,
  add constraint custom_order_items_tax_bounds check ("tax" < 'NaN'::numeric) not valid,
  add constraint custom_order_items_total_bounds check ("total" < 'NaN'::numeric) not valid;

alter table stock_reservations add constraint stock_reservations_quantity_bounds check ("quantity" >= '-999999999'::numeric and "quantity" <= '999999999'::numeric) not valid,
  add constraint stock_reservations_reserved_after_bounds check ("reserved_after" >= '0'::numeric and "reserved_after" <= '999999999'::numeric) not valid,
  add constraint stock_reservations_reason_bounds check ("reason" = any ('{reserved,released,delivered,cancelled}'::text[])) not valid;

alter table order_closings add constraint order_closings_outcome_bounds check ("outcome" = any ('{delivered,cancelled}'::text[])) not valid,
  add constraint order_closings_advance_bounds check ("advance" = any ('{refund,credit}'::text[])) not valid,
  add constraint order_closings_refunded_bounds check ("refunded" < 'NaN'::numeric) not valid,
  add constraint order_closings_credited_bounds check ("credited" < 'NaN'::numeric) not valid;

alter table order_payments add constraint order_payments_direction_bounds check ("direction" = any ('{in,out}'::text[])) not valid,
  add constraint order_payments_amount_bounds check ("amount" >= '0'::numeric and "amount" < 'NaN'::numeric) not valid;

alter table payments add constraint payments_amount_bounds check ("amount" >= '0'::numeric and "amount" < 'NaN'::numeric) not valid,
  add constraint payments_tendered_bounds check ("tendered" >= '0'::numeric and "tendered" < 'NaN'::numeric) not valid,
  add constraint payments_change_bounds check ("change" < 'NaN'::numeric) not valid,
  add constraint payments_direction_bounds check ("direction" = any ('{in,out}'::text[])) not valid;

alter table payment_allocations add constraint payment_allocations_amount_bounds check ("amount" < 'NaN'::numeric) not valid;

alter table account_entries add constraint account_entries_party_bounds check ("party" = any ('{customer,vendor}'::text[])) not valid,
  add constraint account_entries_amount_bounds check ("amount" < 'NaN'::numeric) not valid,
  add constraint account_entries_balance_after_bounds check ("balance_after" < 'NaN'::numeric) not valid;

alter table stock_receipts add constraint stock_receipts_total_bounds check ("total" < 'NaN'::numeric) not valid;

alter table stock_receipt_items add constraint stock_receipt_items_quantity_bounds check ("quantity" >= '0'::numeric and "quantity" <= '999999999'::numeric) not valid,
  add constraint stock_receipt_items_unit_cost_bounds check ("unit_cost" >= '0'::numeric and "unit_cost" < 'NaN'::numeric) not valid,
  add constraint stock_receipt_items_unit_price_bounds check ("unit_price" >= '0'::numeric and "unit_price" < 'NaN'::numeric) not valid,
  add constraint stock_receipt_items_total_bounds check ("total" < 'NaN'::numeric) not valid;

alter table stock_returns add constraint stock_returns_total_bounds check ("total" < 'NaN'::numeric) not valid;

alter table stock_return_items add constraint stock_return_items_quantity_bounds check ("quantity" >= '0'::numeric and "quantity" <= '999999999'::numeric) not valid,
  add constraint stock_return_items_unit_cost_bounds check ("unit_cost" >= '0'::numeric and "unit_cost" < 'NaN'::numeric) not valid,
  add constraint stock_return_items_total_bounds check ("total" < 'NaN'::numeric) not valid;

alter table stock_transfers add constraint stock_transfers_status_bounds check ("status" = any ('{sent,received}'::text[])) not valid;

alter table stock_transfer_items add constraint stock_transfer_items_quantity_bounds check ("quantity" >= '0'::numeric and "quantity" <= '999999999'::numeric) not valid,
  add constraint stock_transfer_items_unit_cost_bounds check ("unit_cost" >= '0'::numeric and "unit_cost" < 'NaN'::numeric) not valid;

alter table stock_transfer_receipt_items add constraint stock_transfer_receipt_items_sent_bounds check ("sent" >= '0'::numeric and "sent" <= '999999999'::numeric) not valid,
  add constraint stock_transfer_receipt_items_quantity_bounds check ("quantity" >= '0'::numeric and "quantity" <= '999999999'::numeric) not valid,
  add constraint stock_transfer_receipt_items_difference_bounds check ("difference" >= '-999999999'::numeric and "difference" <= '999999999'::numeric) not valid,
  add constraint stock_transfer_receipt_items_unit_cost_bounds check ("unit_cost" >= '0'::numeric and "unit_cost" < 'NaN'::numeric) not valid;

alter table stock_counts add constraint stock_counts_status_bounds check ("status" = any ('{open,closed}'::text[])) not valid;

alter table stock_count_lines add constraint stock_count_lines_counted_bounds check ("counted" >= '0'::numeric and "counted" <= '999999999'::numeric) not valid,
  add constraint stock_count_lines_expected_bounds check ("expected" >= '-999999999'::numeric and "expected" <= '999999999'::numeric) not valid;

alter table stock_count_closings add constraint stock_count_closings_value_bounds check ("value" < 'NaN'::numeric) not valid;

alter table stock_count_closing_items add constraint stock_count_closing_items_counted_bounds check ("counted" >= '0'::numeric and "counted" <= '999999999'::numeric) not valid,
  add constraint stock_count_closing_items_expected_bounds check ("expected" >= '-999999999'::numeric and "expected" <= '999999999'::numeric) not valid,
  add constraint stock_count_closing_items_difference_bounds check ("difference" >= '-999999999'::numeric and "difference" <= '999999999'::numeric) not valid,
  add constraint stock_count_closing_items_unit_cost_bounds check ("unit_cost" >= '0'::numeric and "unit_cost" < 'NaN'::numeric) not valid,
  add constraint stock_count_closing_items_value_bounds check ("value" < 'NaN'::numeric) not valid;

alter table imports add constraint imports_status_bounds check ("status" = any ('{running,done,failed}'::text[])) not valid,
  add constraint imports_format_bounds check ("format" = any ('{csv,xlsx,jsonl}'::text[])) not valid,
  add constraint imports_on_error_bounds check ("on_error" = any ('{skip,stop}'::text[])) not valid;
