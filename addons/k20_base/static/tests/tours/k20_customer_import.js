import { registry } from "@web/core/registry";

/** Put the file that the test serves at `url` into the file input of the page. */
async function chooseFile(input, url) {
    const response = await fetch(url);
    const files = new DataTransfer();
    files.items.add(new File([await response.blob()], "customers.xlsx"));
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

registry.category("web_tour.tours").add("k20_customer_import", {
    steps: () => [
        {
            content: "The template is offered",
            trigger: "button[name='action_template']",
        },
        {
            content: "Choose the file",
            trigger: ".o_field_widget[name='file'] .o_input_file:not(:visible)",
            async run() {
                await chooseFile(this.anchor, "/k20_base/tour/customers.xlsx");
            },
        },
        {
            content: "Try it first: it says what would happen and writes nothing",
            trigger: "button[name='action_run']",
            run: "click",
        },
        {
            trigger: "div[name='result'] .alert:contains('Nothing was written')",
        },
        {
            trigger:
                ".o_field_widget[name='line_ids']:contains('There is no province 江南省'):contains('浏览器三科技')",
        },
        {
            content: "Take the good rows",
            trigger: ".o_field_widget[name='mode'] input[data-value='good']",
            run: "click",
        },
        {
            content: "The result of the trial is gone until the next one",
            trigger: "body:not(:has(div[name='result']:visible)) button[name='action_run']",
            run: "click",
        },
        {
            content: "The refused row comes back as a workbook",
            trigger: ".o_field_widget[name='error_file']:contains('refused rows.xlsx')",
        },
        {
            content: "See the customers",
            trigger: "div[name='result'] button[name='action_open_customers']",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('浏览器一科技'), .o_kanban_record:contains('浏览器一科技')",
        },
        {
            trigger: ".o_data_row:contains('浏览器二科技'), .o_kanban_record:contains('浏览器二科技')",
        },
    ],
});
