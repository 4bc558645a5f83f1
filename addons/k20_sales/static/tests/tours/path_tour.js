import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const CUSTOMER = "Tour Hospital";
const PATIENCE = 60000; // ms, for what books and approves on a busy machine
const row = (text) => `.o_data_row .o_data_cell:contains('${text}'), .o_kanban_record:contains('${text}')`;
const rowButton = (text, name) =>
    `.o_data_row:contains('${text}') button[name='${name}'], .o_kanban_record:contains('${text}') button[name='${name}']`;
const gone = (text) =>
    `.o_view_controller:not(:has(.o_data_row:contains('${text}'), .o_kanban_record:contains('${text}')))`;
const field = (name, inside = "") => `${inside} .o_field_widget[name='${name}']`;

/** Choose a record: by typing, or on a phone from the list that opens. */
function choose(name, text, inside = "") {
    const input = `${field(name, inside)} input`;
    return [
        { isActive: ["desktop"], trigger: input, run: `edit ${text}` },
        { isActive: ["desktop"], trigger: `.o-autocomplete--dropdown-item:contains('${text}')`, run: "click" },
        { isActive: ["mobile"], trigger: input, run: "click" },
        { isActive: ["mobile"], trigger: `.modal .o_kanban_record:contains('${text}')`, run: "click" },
    ];
}

/** Press a button at the top of a form: on a phone all but one stand in a menu. */
function press(name) {
    const button = `.o_form_statusbar button[name='${name}']`;
    return [
        { isActive: ["desktop"], trigger: `${button}:enabled`, run: "click" },
        {
            isActive: ["mobile"],
            trigger: ".o_form_view .o_form_statusbar",
            async run(helpers) {
                if (![...document.querySelectorAll(button)].some((found) => found.offsetParent)) {
                    await helpers.click(".o_statusbar_buttons .dropdown-toggle, .o_statusbar_buttons .o-dropdown");
                }
            },
        },
        {
            isActive: ["mobile"],
            trigger: `${button}, .o-dropdown--menu button[name='${name}']`,
            run: "click",
        },
    ];
}

tours.add("k20_path_quote", {
    steps: () => [
        { isActive: ["desktop"], trigger: ".o_list_button_add", run: "click" },
        { isActive: ["mobile"], trigger: ".o-kanban-button-new", run: "click" },
        ...choose("partner_id", CUSTOMER),
        ...choose("k20_order_type_id", "Service"),
        {
            content: "A line below its floor",
            isActive: ["desktop"],
            trigger: `${field("order_line")} button:contains('Add a product'), ${field("order_line")} a:contains('Add a product')`,
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: ".o_selected_row [name='product_template_id'] input, .o_selected_row [name='product_id'] input",
            run: "edit Tour Maintenance",
        },
        {
            isActive: ["desktop"],
            trigger: ".o-autocomplete--dropdown-item:contains('Tour Maintenance')",
            run: "click",
        },
        {
            content: "The product brings its price, and with it what was typed before would be lost",
            isActive: ["desktop"],
            trigger: ".o_selected_row [name='price_unit'] input:value(100)",
            run: "edit 75",
        },
        {
            isActive: ["mobile"],
            trigger: `${field("order_line")} button:contains('Add product'), ${field("order_line")} a:contains('Add product')`,
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: ".modal [name='product_template_id'] input, .modal [name='product_id'] input",
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: ".modal .o_kanban_record:contains('Tour Maintenance')",
            run: "click",
        },
        { isActive: ["mobile"], trigger: ".modal [name='price_unit'] input:value(100)", run: "edit 75" },
        { isActive: ["mobile"], trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_form_button_save:enabled", run: "click" },
        { trigger: ".o_form_saved", timeout: PATIENCE },
        {
            content: "The line says that it needs a special price",
            isActive: ["desktop"],
            trigger: `${field("order_line")} .o_data_row button[name='action_k20_ask_price']`,
            run: "click",
        },
        { isActive: ["mobile"], trigger: `${field("order_line")} .o_kanban_record`, run: "click" },
        { isActive: ["mobile"], trigger: ".modal button[name='action_k20_ask_price']", run: "click" },
        { trigger: `${field("reason", ".modal")} textarea`, run: "edit Framework customer" },
        { trigger: ".modal button[name='action_ask']", run: "click" },
        { trigger: "body:not(:has(.modal button[name='action_ask']))" },
    ],
});

tours.add("k20_path_approve", {
    steps: () => [
        { trigger: rowButton(CUSTOMER, "action_k20_approve"), run: "click" },
        { trigger: gone(CUSTOMER), timeout: PATIENCE },
    ],
});

tours.add("k20_path_submit", {
    steps: () => [
        { trigger: row(CUSTOMER), run: "click" },
        ...press("action_k20_submit"),
        { trigger: ".o_form_view .alert:contains('waits for')", timeout: PATIENCE },
    ],
});

/** Register what came in: so much of what is open. */
function register(amount, reference) {
    return [
        ...press("action_k20_open_register"),
        { trigger: `${field("reference", ".modal")} input`, run: `edit ${reference}` },
        {
            isActive: ["desktop"],
            trigger: `${field("line_ids", ".modal")} .o_data_row .o_data_cell[name='amount']`,
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: `${field("line_ids", ".modal")} .o_selected_row [name='amount'] input`,
            run: `edit ${amount}`,
        },
        { isActive: ["mobile"], trigger: `${field("line_ids", ".modal")} .o_kanban_record`, run: "click" },
        {
            isActive: ["mobile"],
            trigger: `.modal:not(:has([name='reference'])) .o_field_widget[name='amount'] input`,
            run: `edit ${amount}`,
        },
        {
            isActive: ["mobile"],
            trigger: ".modal:not(:has([name='reference'])) .o_form_button_save",
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: `body:not(:has(.modal:not(:has([name='reference'])))) ${field("line_ids", ".modal")}:contains('${amount}')`,
        },
        { trigger: ".modal button[name='action_apply']", run: "click" },
        { trigger: "body:not(:has(.modal))", timeout: PATIENCE },
    ];
}

tours.add("k20_path_collect", {
    steps: () => [
        { trigger: row(CUSTOMER), run: "click" },
        ...register("30", "TOUR-1"),
        ...register("45", "TOUR-2"),
    ],
});

/** Confirm what waits for finance, one after the other. */
const confirm = (...amounts) => ({
    steps: () =>
        amounts.flatMap((amount) => [
            { trigger: rowButton(amount, "action_post"), run: "click" },
            { trigger: gone(amount), timeout: PATIENCE },
        ]),
});

tours.add("k20_path_confirm", confirm("30.00", "45.00"));
tours.add("k20_path_pay_back", confirm("20.00"));

tours.add("k20_path_refund", {
    steps: () => [
        { trigger: row(CUSTOMER), run: "click" },
        ...press("action_k20_open_refunds"),
        {
            content: "The first refund of an order is a form to fill in, and how much can be refunded is said",
            trigger: `.o_form_view ${field("amount_left")}:contains('75')`,
        },
        { trigger: `${field("amount")} input`, run: "edit 20" },
        { trigger: `${field("reason")} textarea`, run: "edit One visit less" },
        ...press("action_k20_submit"),
        { trigger: ".o_form_view .o_k20_timeline", timeout: PATIENCE },
    ],
});

tours.add("k20_path_complete", {
    steps: () => [
        { trigger: row(CUSTOMER), run: "click" },
        ...press("action_k20_complete"),
        { trigger: ".o_form_view .alert-success:contains('Completed')", timeout: PATIENCE },
    ],
});
