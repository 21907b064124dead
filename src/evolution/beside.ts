/** What the migrations add to a table beside its definition, each with its reason. */
export const BESIDE: Readonly<Record<string, readonly string[]>> = {
  // A sale finds the levels it needs; makeLevels writes those that a branch never had, with nothing on hand.
  stock_levels: ['on_hand default 0', 'average_cost default 0', 'may_go_below_zero default false'],
  // A method of payment is referred to by its code, not by an id.
  payments: ['payments_method_fkey FOREIGN KEY (method) REFERENCES payment_methods(code)'],
  expenses: ['expenses_method_fkey FOREIGN KEY (method) REFERENCES payment_methods(code)'],
  vendor_payments: ['vendor_payments_method_fkey FOREIGN KEY (method) REFERENCES payment_methods(code)'],
  order_payments: ['order_payments_method_fkey FOREIGN KEY (method) REFERENCES payment_methods(code)']
}
