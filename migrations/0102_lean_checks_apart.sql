-- regal: statements apart
-- Each statement can be run again after a failure.

set lock_timeout = '3s';

alter table branches validate constraint branches_tax_rounding_bounds,
  validate constraint branches_stock_policy_bounds;

alter table settings validate constraint settings_key_bounds;

alter table salesmen validate constraint salesmen_commission_rate_bounds;

alter table customers validate constraint customers_credit_limit_bounds;

alter table files validate constraint files_content_type_bounds;

alter table products validate constraint products_kind_bounds,
  validate constraint products_unit_price_bounds,
  validate constraint products_cost_price_bounds,
  validate constraint products_tax_rate_bounds,
  validate constraint products_discount_bounds,
  validate constraint products_limited_qty_bounds;

alter table price_list_items validate constraint price_list_items_min_quantity_bounds,
  validate constraint price_list_items_price_bounds;

alter table stock_levels validate constraint stock_levels_on_hand_bounds,
  validate constraint stock_levels_reserved_bounds,
  validate constraint stock_levels_average_cost_bounds;

alter table stock_entries validate constraint stock_entries_qty_bounds,
  validate constraint stock_entries_type_bounds,
  validate constraint stock_entries_unit_cost_bounds,
  validate constraint stock_entries_balance_after_bounds;

alter table shifts validate constraint shifts_float_bounds,
  validate constraint shifts_status_bounds;

alter table cash_movements validate constraint cash_movements_kind_bounds,
  validate constraint cash_movements_amount_bounds;

alter table approvals validate constraint approvals_action_bounds,
  validate constraint approvals_amount_bounds;

alter table expenses validate constraint expenses_amount_bounds,
  validate constraint expenses_direction_bounds;

alter table vendor_payments validate constraint vendor_payments_amount_bounds,
  validate constraint vendor_payments_direction_bounds,
  validate constraint vendor_payments_balance_after_bounds;

alter table invoices validate constraint invoices_status_bounds,
  validate constraint invoices_tax_rounding_bounds,
  validate constraint invoices_subtotal_bounds,
  validate constraint invoices_discount_bounds,
  validate constraint invoices_tax_bounds,
  validate constraint invoices_total_bounds,
  validate constraint invoices_paid_bounds,
  validate constraint invoices_change_bounds,
  validate constraint invoices_balance_bounds,
  validate constraint invoices_refunded_bounds,
  validate constraint invoices_credited_bounds,
  validate constraint invoices_discounts_bounds,
  validate constraint invoices_commission_rate_bounds,
  validate constraint invoices_commission_bounds;

alter table invoice_items validate constraint invoice_items_quantity_bounds,
  validate constraint invoice_items_unit_price_bounds,
  validate constraint invoice_items_list_price_bounds,
  validate constraint invoice_items_offer_price_bounds,
  validate constraint invoice_items_price_source_bounds,
  validate constraint invoice_items_unit_cost_bounds,
  validate constraint invoice_items_discount_bounds,
  validate constraint invoice_items_discount_source_bounds,
  validate constraint invoice_items_document_discount_bounds,
  validate constraint invoice_items_tax_rate_bounds,
  validate constraint invoice_items_tax_bounds,
  validate constraint invoice_items_total_bounds;

alter table refunds validate constraint refunds_amount_bounds,
  validate constraint refunds_tax_bounds,
  validate constraint refunds_credited_bounds,
  validate constraint refunds_paid_out_bounds,
  validate constraint refunds_commission_bounds;

alter table refund_items validate constraint refund_items_quantity_bounds,
  validate constraint refund_items_condition_bounds,
  validate constraint refund_items_amount_bounds,
  validate constraint refund_items_tax_bounds,
  validate constraint refund_items_unit_cost_bounds;

alter table invoice_voids validate constraint invoice_voids_amount_bounds,
  validate constraint invoice_voids_paid_out_bounds,
  validate constraint invoice_voids_credited_bounds;

alter table ideal_prices validate constraint ideal_prices_min_quantity_bounds,
  validate constraint ideal_prices_price_bounds;

alter table quotations validate constraint quotations_status_bounds,
  validate constraint quotations_rush_surcharge_bounds,
  validate constraint quotations_tax_rounding_bounds,
  validate constraint quotations_subtotal_bounds,
  validate constraint quotations_discount_bounds,
  validate constraint quotations_tax_bounds,
  validate constraint quotations_total_bounds,
  validate constraint quotations_discounts_bounds;

alter table quotation_items validate constraint quotation_items_quantity_bounds,
  validate constraint quotation_items_price_bounds,
  validate constraint quotation_items_unit_price_bounds,
  validate constraint quotation_items_discount_bounds,
  validate constraint quotation_items_document_discount_bounds,
  validate constraint quotation_items_tax_rate_bounds,
  validate constraint quotation_items_tax_bounds,
  validate constraint quotation_items_total_bounds;

alter table custom_orders validate constraint custom_orders_status_bounds,
  validate constraint custom_orders_rush_surcharge_bounds,
  validate constraint custom_orders_tax_rounding_bounds,
  validate constraint custom_orders_subtotal_bounds,
  validate constraint custom_orders_discount_bounds,
  validate constraint custom_orders_tax_bounds,
  validate constraint custom_orders_total_bounds,
  validate constraint custom_orders_discounts_bounds,
  validate constraint custom_orders_paid_bounds,
  validate constraint custom_orders_balance_bounds;

alter table custom_order_items validate constraint custom_order_items_quantity_bounds,
  validate constraint custom_order_items_price_bounds,
  validate constraint custom_order_items_unit_price_bounds,
  validate constraint custom_order_items_discount_bounds,
  validate constraint custom_order_items_document_discount_bounds,
  validate constraint custom_order_items_tax_rate_bounds,
  validate constraint custom_order_items_tax_bounds,
  validate constraint custom_order_items_total_bounds;

alter table stock_reservations validate constraint stock_reservations_quantity_bounds,
  validate constraint stock_reservations_reserved_after_bounds,
  validate constraint stock_reservations_reason_bounds;

alter table order_closings validate constraint order_closings_outcome_bounds,
  validate constraint order_closings_advance_bounds,
  validate constraint order_closings_refunded_bounds,
  validate constraint order_closings_credited_bounds;

alter table order_payments validate constraint order_payments_direction_bounds,
  validate constraint order_payments_amount_bounds;

alter table payments validate constraint payments_amount_bounds,
  validate constraint payments_tendered_bounds,
  validate constraint payments_change_bounds,
  validate constraint payments_direction_bounds;

alter table payment_allocations validate constraint payment_allocations_amount_bounds;

alter table account_entries validate constraint account_entries_party_bounds,
  validate constraint account_entries_amount_bounds,
  validate constraint account_entries_balance_after_bounds;

alter table stock_receipts validate constraint stock_receipts_total_bounds;

alter table stock_receipt_items validate constraint stock_receipt_items_quantity_bounds,
  validate constraint stock_receipt_items_unit_cost_bounds,
  validate constraint stock_receipt_items_unit_price_bounds,
  validate constraint stock_receipt_items_total_bounds;

alter table stock_returns validate constraint stock_returns_total_bounds;

alter table stock_return_items validate constraint stock_return_items_quantity_bounds,
  validate constraint stock_return_items_unit_cost_bounds,
  validate constraint stock_return_items_total_bounds;

alter table stock_transfers validate constraint stock_transfers_status_bounds;

alter table stock_transfer_items validate constraint stock_transfer_items_quantity_bounds,
  validate constraint stock_transfer_items_unit_cost_bounds;

alter table stock_transfer_receipt_items validate constraint stock_transfer_receipt_items_sent_bounds,
  validate constraint stock_transfer_receipt_items_quantity_bounds,
  validate constraint stock_transfer_receipt_items_difference_bounds,
  validate constraint stock_transfer_receipt_items_unit_cost_bounds;

alter table stock_counts validate constraint stock_counts_status_bounds;

alter table stock_count_lines validate constraint stock_count_lines_counted_bounds,
  validate constraint stock_count_lines_expected_bounds;

alter table stock_count_closings validate constraint stock_count_closings_value_bounds;

alter table stock_count_closing_items validate constraint stock_count_closing_items_counted_bounds,
  validate constraint stock_count_closing_items_expected_bounds,
  validate constraint stock_count_closing_items_difference_bounds,
  validate constraint stock_count_closing_items_unit_cost_bounds,
  validate constraint stock_count_closing_items_value_bounds;

alter table imports validate constraint imports_status_bounds,
  validate constraint imports_format_bounds,
  validate constraint imports_on_error_bounds;
