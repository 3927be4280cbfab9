"""Data Docs: Great Expectations' own pages of its results, self-contained.

The sections are rendered by Great Expectations; the page around them is ours, because its own loads style
sheets and scripts from elsewhere and stamps each page with the clock. Here nothing outside the folder is
loaded and the same results give the same bytes:

    index.html              every mart, what was expected, what failed
    validations/<mart>.html every expectation with its reason, and the failing rows by their keys
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import jinja2

from flows.validation.suites import Outcome, Rule, Suite

Report = tuple[Suite, list[Outcome], Any]
"""A suite, what became of its rules, and the result to render: or the page that was made of an equal one."""

COMPILED = (
    "page",
    "index_page",
    "section",
    "component",
    "header",
    "content_block_header",
    "table",
    "string_template",
)
STYLE = """
:root{color-scheme:light dark;--ink:#1c2430;--dim:#5b6675;--line:#d5dbe3;--page:#fff;--card:#f6f8fa;
--good:#1a7f4b;--bad:#b3261e;--warn:#8a5a00;--link:#0b57b7}
@media(prefers-color-scheme:dark){:root{--ink:#e4e8ee;--dim:#a3adba;--line:#3a424e;--page:#14181e;--card:#1c222a;
--good:#5fd39a;--bad:#ff8a80;--warn:#f0b95b;--link:#8ab8ff}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:76rem;padding:1.5rem;background:var(--page);color:var(--ink);
font:16px/1.5 system-ui,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif}
h1{font-size:1.6rem;margin:.2rem 0}h2{font-size:1.1rem;margin:1.6rem 0 .4rem}
a{color:var(--link)}p{margin:.2rem 0}[lang=zh],.lead{color:var(--dim)}
.scroll{overflow-x:auto}td{overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;margin:.5rem 0;background:var(--card)}
th,td{border:1px solid var(--line);padding:.4rem .6rem;text-align:left;vertical-align:top}
td.number{text-align:right;font-variant-numeric:tabular-nums}
ul{list-style:none;margin:0;padding:0}
.badge{background:var(--line);border-radius:.25rem;padding:0 .3rem;font-family:ui-monospace,monospace}
.good,.text-success{color:var(--good)}.bad,.text-danger{color:var(--bad)}.warning,.text-warning{color:var(--warn)}
.fa-check-circle::before{content:"✓ "}.fa-times::before{content:"✗ "}.fa-exclamation-triangle::before{content:"! "}
.fa-check-circle,.fa-times,.fa-exclamation-triangle{font-style:normal;font-weight:700}
.fa-comment,h6[id]{display:none}
@media print{a{color:inherit;text-decoration:none}}
"""

FRAME = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title|e }}</title>
<style>{{ style }}</style>
</head>
<body>
<main>
{% block body %}{% endblock %}
</main>
</body>
</html>
"""

INDEX = """{% extends "frame.j2" %}{% block body %}
<h1>What was expected of every table</h1>
<p lang="zh">对每张表的要求与检查结果</p>
<p>{{ reports|length }} tables. A failed critical expectation rejects a release.
<span lang="zh">严重（critical）要求未满足时，该版本不予发布。</span></p>
<div class="scroll" tabindex="0"><table>
<thead><tr><th scope="col">Table</th><th scope="col">What it is</th><th scope="col">Expectations</th>
<th scope="col">Critical</th><th scope="col">Warning</th><th scope="col">Info</th></tr></thead>
<tbody>
{% for suite, outcomes, result in reports %}<tr>
<th scope="row"><a href="validations/{{ suite.table }}.html">{{ suite.table }}</a></th>
<td>{{ suite.en|e }} <span lang="zh">{{ suite.zh|e }}</span></td>
<td class="number">{{ outcomes|length }}</td>
{% for severity, style in (("critical", "bad"), ("warning", "warning"), ("info", "warning")) %}
{%- set failed = outcomes|selectattr("failed_as", "equalto", severity)|list|length %}
<td class="number {{ style if failed else "good" }}">{{ "%d failed"|format(failed) if failed else "✓" }}</td>
{% endfor %}</tr>
{% endfor %}</tbody></table></div>
{% endblock %}"""

PAGE = """{% extends "frame.j2" %}{% block body %}
<p><a href="../index.html">All tables <span lang="zh">所有表</span></a></p>
<h1>{{ suite.table }}</h1>
<p>{{ suite.en|e }} <span lang="zh">{{ suite.zh|e }}</span></p>
{% for outcome in failed %}
{% set style = "bad" if outcome.critical else "warning" %}
<h2 class="{{ style }}">✗ {{ outcome.rule.check|e }} ({{ outcome.failed_as }})</h2>
<p>{{ outcome.rule.en|e }} <span lang="zh">{{ outcome.rule.zh|e }}</span></p>
{% if outcome.exception %}<p class="bad">{{ outcome.exception|e }}</p>{% endif %}
{% if outcome.rows %}<div class="scroll" tabindex="0"><table>
<thead><tr>{% for name in outcome.rows[0] %}<th scope="col">{{ name|e }}</th>{% endfor %}</tr></thead>
<tbody>{% for row in outcome.rows %}<tr>
{%- for value in row.values() %}<td>{{ "null" if value is none else value|string|e }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table></div>
{% if outcome.failed > outcome.rows|length %}<p>The first {{ outcome.rows|length }} of {{ outcome.failed }}.</p>
{% endif %}{% endif %}{% endfor %}
{% for section in sections %}{% set section_loop = loop %}{% include "section.j2" %}{% endfor %}
{% endblock %}"""


def write(folder: Path, reports: Sequence[Report]) -> dict[str, str]:
    """Write the site; a mart that is missing from the release has a page that says only that. The pages by mart."""
    pages = {suite.table: _page(suite, outcomes, result) for suite, outcomes, result in reports}
    (folder / "validations").mkdir(parents=True, exist_ok=True)
    for table, page in pages.items():
        (folder / "validations" / f"{table}.html").write_text(page, "utf-8")
    index = environment().get_template("index_page.j2").render(title="Data Docs", style=STYLE, reports=reports)
    (folder / "index.html").write_text(_tidy(index), "utf-8")
    return pages


def _page(suite: Suite, outcomes: list[Outcome], result: Any) -> str:
    if isinstance(result, str):
        return result
    from great_expectations.render.renderer import ValidationResultsPageRenderer

    env, renderer, numbers = environment(), ValidationResultsPageRenderer(), count(1)
    env.filters["generate_html_element_uuid"] = lambda prefix: f"{prefix}{next(numbers)}"
    page = env.get_template("page.j2").render(
        title=suite.table,
        style=STYLE,
        suite=suite,
        failed=[outcome for outcome in outcomes if not outcome.success],
        sections=renderer.render(_plain(result)).to_json_dict()["sections"][1:] if result else [],
        renderer_type="ValidationResultsPageRenderer",
    )
    return _tidy(page)


@cache
def environment() -> jinja2.Environment:
    """Great Expectations' templates with our pages around them, compiled; its first call takes a moment."""
    from great_expectations.render.view import DefaultJinjaPageView

    own = jinja2.DictLoader({"frame.j2": FRAME, "index_page.j2": INDEX, "page.j2": PAGE})
    env = DefaultJinjaPageView().env
    env.loader = jinja2.ChoiceLoader([own, *filter(None, [env.loader])])
    for name in COMPILED:
        env.get_template(f"{name}.j2")
    return env


def described(rule: Rule) -> str:
    """How a rule reads in the pages: why in both languages, its severity, and the condition itself."""
    condition = rule.holds or ", ".join(f"{name} {value}" for name, value in rule.kwargs.items() if name != "column")
    lines = [rule.en, rule.zh, f"{rule.severity}: {rule.type.removeprefix('expect_')} {condition}"]
    return html.escape("\n".join(lines), quote=False).replace("$", "$$")


def _plain(result: Any) -> Any:
    """The result without samples of failing values, which the page lists by key, and with no markup in it."""
    for item in result.results:
        item.result = {k: _escaped(v) for k, v in item.result.items() if not k.startswith("partial_unexpected")}
        if item.exception_info.get("exception_traceback"):
            item.exception_info = {**item.exception_info, "exception_traceback": ""}
    return result


def _escaped(value: Any) -> Any:
    if isinstance(value, str):
        return html.escape(value)
    return [_escaped(one) for one in value] if isinstance(value, list) else value


def _tidy(page: str) -> str:
    """Headings one below the other, and none of the blank lines that the templates leave."""
    page = page.replace("<h5", "<h2").replace("</h5>", "</h2>")
    return "\n".join(line for line in (line.strip() for line in page.splitlines()) if line) + "\n"
