import { registry } from "@web/core/registry";

const inTwoDays = luxon.DateTime.now().plus({ days: 2 }).toFormat("MM/dd/yyyy");

/** Open a menu of K20 by its folder and its own id, from the bar at the top or from the phone's sidebar. */
function openMenu(folder, menu) {
    return [
        {
            isActive: ["desktop"],
            trigger: `.o_menu_sections button[data-menu-xmlid='${folder}']`,
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: `.o-dropdown-item[data-menu-xmlid='${menu}']`,
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: ".o_menu_toggle",
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: `.o_app_menu_sidebar [data-menu-xmlid='${menu}']`,
            run: "click",
        },
    ];
}

registry.category("web_tour.tours").add("k20_followup", {
    steps: () => [
        ...openMenu("k20_base.menu_channels", "k20_base.menu_channel"),
        {
            content: "Open the channel",
            trigger: ".o_data_row td:contains('Tour Channel'), .o_kanban_record:contains('Tour Channel')",
            run: "click",
        },
        {
            content: "Record a follow-up",
            trigger: ".o_form_statusbar button:contains('Record Follow-up')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='method_id'] .o_selection_badge:contains('Call')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='content'] textarea",
            run: "edit They want an offer",
        },
        {
            trigger: ".modal .o_field_widget[name='next_date'] input",
            run: `edit ${inTwoDays}`,
        },
        {
            trigger: ".modal .o_field_widget[name='next_plan'] input",
            run: "edit Bring the offer",
        },
        {
            trigger: ".modal button[name='k20_save']",
            run: "click",
        },
        {
            content: "It stands on the customer's page, and so does its next step",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name='k20_followup_ids']:contains('They want an offer')",
        },
        {
            trigger: ".o_field_widget[name='k20_next_followup_plan']:contains('Bring the offer')",
        },
        ...openMenu("k20_base.menu_work", "k20_base.menu_reminder"),
        {
            content: "The days ahead of Settings are what is searched first (the phone folds the search away)",
            isActive: ["desktop"],
            trigger: ".o_searchview_facet:contains('Due within (days)')",
        },
        {
            trigger:
                ".o_data_row:contains('Bring the offer'), .o_kanban_record:contains('Bring the offer')",
        },
    ],
});
