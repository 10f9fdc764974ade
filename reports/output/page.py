"""Templates to a page that loads nothing from elsewhere."""

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports.output.script import policy
from reports.text import units

# Placeholder for the policy, which needs the hashes of the finished page.
POLICY = "policy-of-this-page"


def page(template: str, script: Markup | str = "", **values: object) -> str:
    """Render a page with its Content-Security-Policy.

    Args:
        template: the name of a file in `templates`; it places `policy` and `script`.
        script: the only script that may run; none without it.
        **values: what else the template shows. Strings are escaped.

    Returns:
        HTML; equal values give equal pages.
    """
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["counted"] = units.counted
    rendered = environment.get_template(template).render(policy=POLICY, script=script, **values)
    return rendered.replace(POLICY, policy(rendered, script), 1)
