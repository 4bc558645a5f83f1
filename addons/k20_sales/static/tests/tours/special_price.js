import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const ask = [
    { trigger: ".modal .o_field_widget[name='floor_price']:contains('80')" },
    { trigger: ".modal .o_field_widget[name='reason'] textarea", run: "edit Competitor offers less" },
    { trigger: ".modal button[name='action_ask']", run: "click" },
];

tours.add("k20_ask_special_price", {
    steps: () => [
        {
            content: "The line below its floor says so, and offers to ask",
            isActive: ["desktop"],
            trigger: ".o_field_widget[name='order_line'] .o_data_row [name='k20_price_state'] .text-bg-danger",
        },
        {
            isActive: ["desktop"],
            trigger: ".o_field_widget[name='order_line'] .o_data_row button[name='action_k20_ask_price']",
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: ".o_field_widget[name='order_line'] .o_kanban_record",
            run: "click",
        },
        { isActive: ["mobile"], trigger: ".modal button[name='action_k20_ask_price']", run: "click" },
        ...ask,
        {
            content: "It waits for the decision now",
            isActive: ["desktop"],
            trigger: ".o_field_widget[name='order_line'] .o_data_row [name='k20_price_state'] .text-bg-warning",
        },
        { isActive: ["mobile"], trigger: "body:not(:has(.modal button[name='action_ask']))" },
    ],
});

tours.add("k20_approve_special_price", {
    steps: () => [
        { trigger: ".o_data_row .o_data_cell[name='product_id']", run: "click" },
        {
            content: "The approver sees floor, list price and margin",
            trigger: ".o_form_view .o_field_widget[name='floor_price']:contains('80')",
        },
        { trigger: ".o_form_view .o_field_widget[name='list_price']:contains('100')" },
        { trigger: ".o_form_view .o_field_widget[name='margin']:contains('8.63')" },
        { trigger: "button[name='action_k20_approve']", run: "click" },
        { trigger: ".o_arrow_button_current[data-value='approved']" },
    ],
});

tours.add("k20_price_history", {
    steps: () => [
        {
            trigger: ".o_field_widget[name='order_line'] .o_data_row button[name='action_k20_price_history']",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name='own_count']:contains('1')" },
        { trigger: ".modal .o_field_widget[name='own_min']:contains('95')" },
        { trigger: ".modal button[name='action_own']", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains('95')" },
    ],
});
