"""The documentation site: `python -m sphinx -W --keep-going -n docs build/site` builds it, from this machine alone."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "extensions"))

import ticketopt

project = "ticketopt"
author = "The ticketopt developers"
copyright = "the ticketopt developers, MIT licence"  # noqa: A001  (Sphinx calls it so)
release = version = ticketopt.__version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "myst_nb",
    "sphinx_copybutton",
    "sphinx_click",
    "house_docstrings",
    "mathml",
    "generated_pages",
    "shell_blocks",
    "flowchart",
]
exclude_patterns = ["deploy", "extensions", "static", "generated"]

# Text is Markdown; notebooks are pages, executed at every build, and a cell that fails ends the build.
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath", "attrs_inline"]
myst_fence_as_directive = ["mermaid"]
myst_heading_anchors = 3
nb_execution_mode = "force"
nb_execution_timeout = 120
nb_execution_raise_on_error = True
nb_execution_excludepatterns = []
nb_mime_priority_overrides = [("html", "text/html", 0), ("html", "image/png", 1)]

# Names between single backticks in docstrings are links where there is something to link to.
default_role = "py:obj"
add_module_names = False
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
autodoc_default_options = {"members": True}
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88
toc_object_entries_show_parents = "hide"
nitpick_ignore_regex = [("py:.*", ".*")]  # types of other libraries, and words in docstrings that are no names

html_theme = "furo"
html_title = "ticketopt"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {"navigation_with_keys": True}
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
copybutton_exclude = ".linenos, .gp, .go"
