import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Open a menu of K20 by its folder and its own id, from the bar at the top or from the phone's sidebar. */
function openMenu(folder, menu) {
    return [
        {
            isActive: ["desktop"],
            trigger: `.o_menu_sections button[data-menu-xmlid='k20_base.${folder}']`,
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: `.o-dropdown-item[data-menu-xmlid='k20_base.${menu}']`,
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: ".o_menu_toggle",
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: `.o_app_menu_sidebar [data-menu-xmlid='k20_base.${menu}']`,
            run: "click",
        },
    ];
}

const row = (text) => `.o_data_row .o_data_cell:contains('${text}'), .o_kanban_record:contains('${text}')`;
const rowButton = (text, name) =>
    `.o_data_row:contains('${text}') button[name='${name}'], .o_kanban_record:contains('${text}') button[name='${name}']`;
const gone = (text) => `.o_view_controller:not(:has(.o_data_row:contains('${text}'), .o_kanban_record:contains('${text}')))`;

/** Choose a person in a dialog: by typing, or on a phone from the list that opens. */
function choose(field, name) {
    const input = `.modal .o_field_widget[name='${field}'] input`;
    return [
        { isActive: ["desktop"], trigger: input, run: `edit ${name}` },
        { isActive: ["desktop"], trigger: `.o-autocomplete--dropdown-item:contains('${name}')`, run: "click" },
        { isActive: ["mobile"], trigger: input, run: "click" },
        { isActive: ["mobile"], trigger: `.modal .o_kanban_record:contains('${name}')`, run: "click" },
    ];
}

/** Hold a finger on an element for as long as a phone needs to tick it. */
async function hold(element) {
    const touch = new Touch({ identifier: 1, target: element });
    element.dispatchEvent(new TouchEvent("touchstart", { touches: [touch], bubbles: true }));
    await new Promise((resolve) => setTimeout(resolve, 600));
    element.dispatchEvent(new TouchEvent("touchend", { changedTouches: [touch], bubbles: true }));
}

tours.add("k20_claim", {
    steps: () => [
        ...openMenu("menu_channels", "menu_channel_pool"),
        { trigger: row("Tour Pool Channel"), run: "click" },
        {
            content: "The page tells what was said before, and how to reach nobody",
            trigger: ".o_form_view:not(:has([name='phone'])):contains('Tour Pool Channel')",
        },
        { trigger: ".o_form_statusbar button[name='action_claim']", run: "click" },
        {
            content: "It is asked for now, and no second time",
            trigger: ".o_form_view:not(:has(button[name='action_claim'])) .ribbon:contains('Asked For')",
        },
        ...openMenu("menu_work", "menu_approval_request"),
        { trigger: row("Tour Pool Channel") },
    ],
});

tours.add("k20_approve_claim", {
    steps: () => [
        ...openMenu("menu_work", "menu_approval_task"),
        {
            content: "Look at the request first",
            isActive: ["desktop"],
            trigger: rowButton("Tour Pool Channel", "action_k20_open"),
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: row("Tour Pool Channel"),
            run: "click",
        },
        { trigger: ".o_k20_timeline:contains('Administrator')" },
        { trigger: ".o_form_statusbar button[name='action_k20_approve']", run: "click" },
        { trigger: ".o_k20_timeline .text-bg-success" },
    ],
});

tours.add("k20_follow_up_claimed", {
    steps: () => [
        ...openMenu("menu_channels", "menu_channel"),
        { trigger: row("Tour Pool Channel"), run: "click" },
        { trigger: ".o_form_statusbar button:contains('Record Follow-up')", run: "click" },
        {
            trigger: ".modal .o_field_widget[name='method_id'] .o_selection_badge:contains('Call')",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name='content'] textarea", run: "edit First talk after the claim" },
        { trigger: ".modal button[name='k20_save']", run: "click" },
        {
            trigger: "body:not(:has(.modal)) .o_field_widget[name='k20_followup_ids']:contains('First talk')",
        },
        { trigger: ".o_notebook .nav-link[name='k20_history']", run: "click" },
        { trigger: ".o_field_widget[name='k20_assignment_ids']:contains('Claim')" },
    ],
});

tours.add("k20_inbox", {
    steps: () => [
        {
            content: "The reason is what the approver decides by",
            trigger: ".o_view_controller:contains('Nearer to them')",
        },
        { trigger: rowButton("Tour One", "action_k20_approve"), run: "click" },
        { trigger: gone("Tour One") },
        { trigger: rowButton("Tour Two", "action_k20_ask_reason"), run: "click" },
        { trigger: ".modal .o_field_widget[name='reason'] textarea", run: "edit Finish the bid first" },
        { trigger: ".modal button[name='action_reject']", run: "click" },
        { trigger: `body:not(:has(.modal)) ${gone("Tour Two")}` },
        {
            content: "Tick the rest",
            isActive: ["desktop"],
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        ...["Tour Three", "Tour Four"].map((name) => ({
            content: "Hold a card to tick it",
            isActive: ["mobile"],
            trigger: `.o_kanban_record:contains('${name}')`,
            run() {
                return hold(this.anchor);
            },
        })),
        {
            content: "What is ticked is decided from the menu",
            isActive: ["mobile"],
            trigger: ".o_control_panel:contains('2') .o_cp_action_menus .dropdown-toggle",
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: ".o-dropdown--menu button[name='action_k20_approve']",
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: ".o_control_panel button[name='action_k20_approve']",
            run: "click",
        },
        { trigger: gone("Tour Three") },
        { trigger: gone("Tour Four") },
    ],
});

tours.add("k20_handover", {
    steps: () => [
        ...openMenu("menu_configuration", "menu_user_handover"),
        ...choose("user_id", "Tour Leaver"),
        {
            content: "What is left is counted",
            trigger: ".modal .o_field_widget[name='customer_count']:contains('1')",
        },
        ...choose("to_user_id", "Tour Receiver"),
        { trigger: ".modal button[name='action_apply']", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});
