"""How every form is drawn: label, help, error and control, by templates/components/field.html."""

from typing import Any

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """No control has ``maxlength``: a browser cuts what is pasted to it without a word.

    The server refuses a text that is too long, says by how much, and loses nothing of it.
    """

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"

    def render(self, template_name: str, context: Any, request: Any = None) -> str:
        widget = context.get("widget")
        if widget and "maxlength" in widget["attrs"]:
            attrs = {name: value for name, value in widget["attrs"].items() if name != "maxlength"}
            context = context | {"widget": widget | {"attrs": attrs}}
        return str(super().render(template_name, context, request))
