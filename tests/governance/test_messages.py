"""The catalogues: strings found, translations kept, faults named."""

import pytest
from django.core.management import CommandError, call_command

from governance import translations

CATALOGUE = """msgid ""
msgstr ""
"Language: zh_Hans\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


@pytest.fixture
def project(tmp_path, monkeypatch, settings):
    """A small tree with the app `shop` beside `governance`."""
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    settings.CATALOGUES = ["governance", "shop"]
    for name in ("governance", "shop", "templates/shop"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "shop" / "views.py").write_text(
        "from x import gettext as _, ngettext, pgettext\n"
        "_('Open the door')\n_('100%% of %(what)s') % {}\n"
        "ngettext('%(n)s day', '%(n)s days', 2)\npgettext('role', 'Clerk')\n"
    )
    (tmp_path / "templates" / "shop" / "page.html").write_text(
        '{% load i18n %}\n    <p>it\'s</p>\n  {% trans "Open the door" %}\n'
        "{% blocktrans trimmed count n=n %}\n  one row\n{% plural %}\n  {{ n }} rows\n"
        '{% endblocktrans %}\n      <b>{{ _("Shut") }}{% firstof x _("Wide") %}</b>\n'
    )
    (tmp_path / "templates" / "base.html").write_text(
        '{% load i18n %}{% trans "Menu" %}{# Translators: x #}'
    )
    return tmp_path


def write(project, app, entries):
    path = translations.catalogue_path(app)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(CATALOGUE + entries, encoding="utf-8")
    return path


def test_strings_come_from_python_and_templates(project):
    found = translations.sources("shop")
    assert {text for _context, text in found} == {
        "Open the door",
        "100%% of %(what)s",
        "%(n)s day",
        "Clerk",
        "one row",
        "Shut",
        "Wide",
    }
    assert found[None, "Open the door"].files == ["shop/views.py", "templates/shop/page.html"]
    assert found["role", "Clerk"].context == "role"


def test_templates_outside_an_app_belong_to_the_kernel(project):
    assert [text for _c, text in translations.sources("governance")] == ["Menu"]


def test_translations_are_kept_and_the_file_settles(project):
    path = write(project, "shop", 'msgid "Open the door"\nmsgstr "开门"\n')
    call_command("messages", "shop")
    first = path.read_text(encoding="utf-8")
    assert 'msgid "Open the door"\nmsgstr "开门"' in first
    call_command("messages", "shop")
    assert path.read_text(encoding="utf-8") == first


def test_files_hold_no_dates_hosts_or_line_numbers(project):
    call_command("messages", "shop")
    text = translations.catalogue_path("shop").read_text(encoding="utf-8")
    assert "Date" not in text
    assert "Babel" not in text
    assert "#: shop/views.py\n" in text


def test_what_another_catalogue_knows_is_not_asked_twice(project):
    write(project, "governance", 'msgid "Shut"\nmsgstr "关"\n')
    call_command("messages", "shop")
    assert "关" in translations.catalogue_path("shop").read_text(encoding="utf-8")


def test_faults_are_named(project):
    write(
        project,
        "shop",
        'msgid "Open the door"\nmsgstr "开门"\n\n#, fuzzy\nmsgid "Shut"\nmsgstr "关"\n\n'
        'msgid "Wide"\nmsgstr ""\n\nmsgid "Gone"\nmsgstr "没了"\n\n'
        '#, python-format\nmsgid "100%% of %(what)s"\nmsgstr "%(who)s"\n',
    )
    faults = "\n".join(translations.faults("shop"))
    for said in ("fuzzy: “Shut”", "empty: “Wide”", "obsolete: “Gone”", "missing: “Clerk” (role)"):
        assert said in faults
    assert "“100%% of %(what)s”" in faults
    assert "“Open the door”" not in faults


def test_check_fails_and_passes(project):
    call_command("messages")
    with pytest.raises(CommandError):
        call_command("messages", "--check")
    for app in ("governance", "shop"):
        path = translations.catalogue_path(app)
        text = path.read_text(encoding="utf-8")
        head, entries = text[: text.index("#:")], text[text.index("#:") :]
        entries = entries.replace('msgstr ""', 'msgstr "%(what)s字"').replace(
            'msgstr[0] ""', 'msgstr[0] "%(n)s字"'
        )
        path.write_text(head + entries.replace("%(what)s字", "字", 99), encoding="utf-8")
    faults = [line for app in ("governance", "shop") for line in translations.faults(app)]
    assert all("placeholder" in line or "format" in line for line in faults), faults


def test_two_catalogues_may_not_contradict_each_other(project):
    write(project, "governance", 'msgid "Open the door"\nmsgstr "开门"\n')
    write(project, "shop", 'msgid "Open the door"\nmsgstr "打开门"\n')
    (line,) = translations.contradictions(["governance", "shop"])
    assert "governance “开门”" in line
    assert "shop “打开门”" in line


def test_compiled_words_can_be_read(project):
    write(project, "shop", 'msgid "Shut"\nmsgstr "关"\n')
    call_command("messages", "shop", "--compile")
    compiled = translations.catalogue_path("shop").with_suffix(".mo").read_bytes()
    assert "关".encode() in compiled


def test_an_unknown_app_is_refused(project):
    with pytest.raises(CommandError, match="no catalogue for nowhere"):
        call_command("messages", "nowhere")
