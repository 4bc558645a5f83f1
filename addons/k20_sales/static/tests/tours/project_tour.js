import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("k20_project", {
    steps: () => [
        {
            content: "Open the project",
            trigger: ".o_data_row td:contains('Tour Project'), .o_kanban_record:contains('Tour Project')",
            run: "click",
        },
        {
            content: "Who does what next stands on its page: finish that step",
            trigger:
                ".o_field_widget[name='k20_party_ids'] .o_data_row:contains('Send the offer') button:contains('Done'), .o_field_widget[name='k20_party_ids'] .o_kanban_record:contains('Send the offer') a:contains('Done')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='content'] textarea",
            run: "edit Offer is out",
        },
        {
            trigger: ".modal .o_field_widget[name='next_action'] input",
            run: "edit Ask what they think",
        },
        {
            trigger: ".modal button[name='action_apply']",
            run: "click",
        },
        {
            content: "The party has its next step",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name='k20_party_ids']:contains('Ask what they think')",
        },
        {
            content: "Who did what",
            trigger: ".o_notebook .nav-link[name='k20_actions']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='k20_followup_ids']:contains('Offer is out')",
        },
        {
            content: "The phone folds the smart buttons away",
            isActive: ["mobile"],
            trigger: ".o-form-buttonbox .o_button_more, .o_form_view .o-form-buttonbox button.dropdown-toggle",
            run: "click",
        },
        {
            content: "Its service issues",
            trigger:
                ".o_stat_text:contains('Open Issues'), .o-dropdown-item:contains('Open Issues')",
            run: "click",
        },
        {
            trigger: ".o_data_row td:contains('Tour Issue'), .o_kanban_record:contains('Tour Issue')",
            run: "click",
        },
        {
            trigger: ".o_form_statusbar button:contains('Solve')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='solution'] textarea",
            run: "edit Turned it on",
        },
        {
            trigger: ".modal .o_field_widget[name='satisfaction'] .o_radio_item:contains('very content') input",
            run: "click",
        },
        {
            trigger: ".modal button[name='action_apply']",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_field_widget[name='solution']:contains('Turned it on')",
        },
    ],
});
