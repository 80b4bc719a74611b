"""A directive for Sphinx that puts a lab of Heddle into a document.

In HTML it is a ``<heddle-lab>`` element around the highlighted program (``static/embed.js`` makes a lab of it); without scripts, and
for every other builder, it is an ordinary code block. How to use it: the README beside this package.
"""

from __future__ import annotations

import shutil
from html import escape
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

__version__ = "0.1.0"

logger = logging.getLogger(__name__)

#: Settings of a scenario, as its ``# /// lab`` block has them; the lab says what each accepts.
SETTINGS = (
    "title",
    "python",
    "seed",
    "policy",
    "switch-interval",
    "os-scheduler",
    "quantum",
    "context-switch",
    "wake-up",
    "signal",
    "start-method",
    "computer",
    "stdin",
    "interrupt",
    "hosts",
    "computers",
)
#: Options that are files or belong to the node, not attributes of the element.
NOT_ATTRIBUTES = {"setup", "class", "name"}
#: Where a copied Heddle lies in ``_static``.
FOLDER = "heddle"


def one_of(*values):
    return lambda argument: directives.choice(argument, values)


class heddle_lab(nodes.General, nodes.Element):
    """A lab. Its child is the program as a literal block, which stands for it wherever there are no labs.

    ``attributes`` are those of the element; ``setup`` is code that runs first and is not shown.
    """


class HeddleDirective(SphinxDirective):
    """``.. heddle:: [FILE]`` with the program as content, if it is in no file."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = {
        **dict.fromkeys(SETTINGS, directives.unchanged_required),
        "cores": directives.positive_int,
        "view": one_of("both", "code", "timeline", "output"),
        "readonly": directives.flag,
        "autorun": directives.flag,
        "at": directives.unchanged_required,
        "lines": directives.unchanged_required,
        "height": directives.positive_int,
        "theme": one_of("auto", "light", "dark"),
        "load": one_of("lazy", "click", "eager"),
        "src": directives.unchanged_required,
        "setup": directives.unchanged_required,
        "class": directives.class_option,
        "name": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        given = [bool(self.arguments), bool(self.content), "src" in self.options]
        if sum(given) != 1:
            raise self.error("heddle needs a program: a file, or content, or :src: with a link; just one of them")
        lab = heddle_lab(classes=self.options.get("class", []))
        lab["options"] = {
            name: "" if value is None else str(value)
            for name, value in self.options.items()
            if name not in NOT_ATTRIBUTES
        }
        lab["setup"] = self.read(self.options["setup"]) if "setup" in self.options else ""
        if "src" not in self.options:
            code = self.read(self.arguments[0]) if self.arguments else "\n".join(self.content) + "\n"
            block = nodes.literal_block(code, code, language="python")
            self.set_source_info(block)
            lab += block
        elif not self.options["src"].startswith("#h"):
            raise self.error(":src: is a link of Heddle (#h2.…); a file is the directive's argument")
        self.set_source_info(lab)
        self.add_name(lab)
        return [lab]

    def read(self, name: str) -> str:
        """The text of a file beside the document, which is built again when it changes."""
        relative, path = self.env.relfn2path(name)
        self.env.note_dependency(relative)
        try:
            return Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as problem:
            raise self.error(f"{name} cannot be read: {problem}") from problem


def visit_html(self, node: heddle_lab) -> None:
    attributes = []
    for name, value in node["options"].items():
        attributes.append(f' {name}="{escape(value)}"' if value else f" {name}")
    self.body.append(self.starttag(node, "heddle-lab", "").rstrip(">\n") + "".join(attributes) + ">")
    if node["setup"]:
        self.body.append(f'<template slot="setup">{escape(node["setup"])}</template>')


def depart_html(self, node: heddle_lab) -> None:
    self.body.append("</heddle-lab>\n")


def pass_by(self, node: heddle_lab) -> None:
    """Only the program counts."""


def prepare(app: Sphinx) -> None:
    """Puts a built Heddle among the static files, if there is one."""
    if app.builder.format != "html":
        return
    url, dist = app.config.heddle_url, app.config.heddle_dist
    if bool(url) == bool(dist):
        raise ExtensionError("sphinx_heddle: conf.py must say either heddle_url (where a built Heddle is served) or heddle_dist (a folder with one)")
    if dist:
        source = Path(app.confdir, dist)
        if not (source / "embed.js").is_file():
            raise ExtensionError(f"sphinx_heddle: heddle_dist = {dist!r} holds no built Heddle (there is no embed.js)")
        shutil.copytree(source, Path(app.outdir, "_static", FOLDER), dirs_exist_ok=True)


def add_script(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None) -> None:
    """Loads the script on pages that have a lab."""
    if doctree is None or next(doctree.findall(heddle_lab), None) is None:
        return
    url = app.config.heddle_url
    # With a slash at the end or without.
    app.add_js_file(f"{url.rstrip('/')}/embed.js" if url else f"{FOLDER}/embed.js")


def setup(app: Sphinx) -> dict:
    app.add_config_value("heddle_url", "", "html", str)
    app.add_config_value("heddle_dist", "", "html", str)
    others = dict.fromkeys(("latex", "text", "man", "texinfo"), (pass_by, pass_by))
    app.add_node(heddle_lab, html=(visit_html, depart_html), **others)
    app.add_directive("heddle", HeddleDirective)
    app.connect("builder-inited", prepare)
    app.connect("html-page-context", add_script)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
