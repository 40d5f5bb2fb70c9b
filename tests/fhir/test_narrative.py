"""Narratives (https://hl7.org/fhir/R4/narrative.html#xhtml)."""

import time

import pytest

from portico.fhir.narrative import is_narrative


@pytest.mark.parametrize(
    "text",
    [
        '<div xmlns="http://www.w3.org/1999/xhtml">text</div>',
        "\n<div>\n<p>a &amp; b &nbsp; <b>c</b><br/></p><!-- note --></div>\n",
        '<div><img src="#a" alt="x"/></div>',
        "<div><table class='grid'><tr><td colspan=\"2\">x</td></tr></table></div>",
        '<div><a name="a"/><a href="http://x.example/?a=1&amp;b=2">x</a></div>',
    ],
)
def test_basic_formatting_is_allowed(text: str) -> None:
    assert is_narrative(text)


@pytest.mark.parametrize(
    "text",
    ["", "text", "<p>text</p>", "<div/>", "<div> </div>", "a<div>b</div>", "<div>a</div>b",
     "<div>a</div><div>b</div>"],
)  # fmt: skip
def test_it_is_one_div_with_content(text: str) -> None:
    assert not is_narrative(text)


@pytest.mark.parametrize(
    "text",
    ["<div>a", "<div>a</p></div>", "<div><p>a</div></p>", "<div>a<br></div>", "<div>a < b</div>",
     "<div class=x>a</div>", "<div><![CDATA[a]]></div>", "<div>a<!-- b -- c --></div>"],
)  # fmt: skip
def test_it_is_well_formed(text: str) -> None:
    assert not is_narrative(text)


@pytest.mark.parametrize(
    "inner",
    ["<script>a</script>", "<iframe src='x'>a</iframe>", "<form>a</form>", "<object>a</object>",
     '<p onclick="a()">a</p>', '<a href="javascript:a()">a</a>', '<a href=" Java\tScript:a">a</a>',
     '<a href="&#106;avascript:a()">a</a>', "<style>a</style>", "<svg>a</svg>"],
)  # fmt: skip
def test_nothing_in_it_runs_loads_or_asks(inner: str) -> None:
    assert not is_narrative(f"<div>{inner}</div>")


@pytest.mark.parametrize("piece", ["<", "<p>", "<!--", "<p a='", "<p " + " " * 50, "</p"])
def test_long_nonsense_is_judged_quickly(piece: str) -> None:
    start = time.perf_counter()
    assert not is_narrative("<div>" + piece * 20000)
    assert time.perf_counter() - start < 2
