"""The catalogues: collecting source strings, keeping translations, checking, compiling.

One catalogue per app, `locale/<app>/zh_Hans/LC_MESSAGES/django.po`. Babel reads Python, Django
turns templates into something Babel can read; no gettext program is needed. Files hold no dates,
hosts or line numbers, so that they change only when the words do.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple, cast

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

LOCALE = "zh_Hans"
ROOT = Path(settings.BASE_DIR)
KEYWORDS: dict = {
    "_": None,
    "_now": None,  # gettext, beside a lazy `_`
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
HEADER = b"""# Chinese words of Mingshu.
msgid ""
msgstr ""
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
Key = tuple[str | None, str]  # context, source string (the singular)


class Source(NamedTuple):
    """One source string and the files it stands in."""

    context: str | None
    texts: tuple[str, ...]  # singular, or singular and plural
    comments: list[str]
    files: list[str]


def catalogue_path(app: str) -> Path:
    """Where the catalogue of an app lies."""
    return ROOT / "locale" / app / LOCALE / "LC_MESSAGES" / "django.po"


def sources(app: str) -> dict[Key, Source]:
    """Every source string of an app: its Python, its templates; governance has the rest."""
    found: dict[Key, Source] = {}
    for path in [*_python_files(app), *_template_files(app)]:
        for context, texts, comments in _strings(path):
            entry = found.setdefault((context, texts[0]), Source(context, texts, [], []))
            if len(texts) > len(entry.texts):
                found[context, texts[0]] = entry = entry._replace(texts=texts)
            entry.comments.extend(line for line in comments if line not in entry.comments)
            entry.files.append(path.relative_to(ROOT).as_posix())
    return found


def _python_files(app: str) -> Iterator[Path]:
    folders = ["governance", "config"] if app == "governance" else [app]
    for folder in folders:
        yield from (path for path in _walk(ROOT / folder, ".py") if "migrations" not in path.parts)


def _template_files(app: str) -> Iterator[Path]:
    others = set(settings.CATALOGUES) - {"governance"}
    for path in (*_walk(ROOT / "templates", ".html"), *_walk(ROOT / "templates", ".txt")):
        top = path.relative_to(ROOT / "templates").parts[0]
        if (top if top in others else "governance") == app:
            yield path


def _walk(folder: Path, suffix: str) -> list[Path]:
    return sorted(path for path in folder.rglob(f"*{suffix}") if "__pycache__" not in path.parts)


def _strings(path: Path) -> Iterator[tuple[str | None, tuple[str, ...], list[str]]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Brackets make the indentation of what is no Python harmless to Babel's tokenizer.
        text = f"(\n{templatize(text, origin=str(path))}\n)"
    found = extract(
        "python",
        BytesIO(text.encode()),
        keywords=KEYWORDS,
        comment_tags=["Translators:"],
        options={"encoding": "utf-8"},
        strip_comment_tags=True,
    )
    for _line, message, comments, context in found:
        texts = (message,) if isinstance(message, str) else tuple(message)
        if texts[0]:
            yield context, texts, comments


def load(app: str) -> Catalog:
    """The catalogue as committed; an empty one where there is none yet."""
    path = catalogue_path(app)
    if not path.exists():
        return Catalog(locale=LOCALE)
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE, abort_invalid=True)


def known_words(apps: Iterable[str]) -> dict[Key, str | tuple[str, ...]]:
    """Translations anywhere in our catalogues, to fill a string that moved or is used twice."""
    known: dict[Key, str | tuple[str, ...]] = {}
    for app in apps:
        catalogue = load(app)
        for message in (*catalogue, *catalogue.obsolete.values()):
            if message.id and _filled(message) and not message.fuzzy:
                known.setdefault(_key(message), message.string)
    return known


def update(app: str, known: dict[Key, str | tuple[str, ...]]) -> bool:
    """Write the catalogue anew from the sources, keeping translations; whether it changed."""
    was = load(app)
    fresh = Catalog(locale=LOCALE)
    for key, source in sources(app).items():
        old = was.get(source.texts[0], context=source.context)
        kept = old.string if old is not None and _filled(old) else known.get(key, "")
        fresh.add(
            source.texts if len(source.texts) > 1 else source.texts[0],
            _shaped(kept, plural=len(source.texts) > 1),
            locations=cast(Any, [(name, None) for name in sorted(set(source.files))]),
            flags={"fuzzy"} if old is not None and old.fuzzy else set(),
            auto_comments=source.comments,
            user_comments=old.user_comments if old is not None else [],
            context=source.context,
        )
    return _replace(catalogue_path(app), render(fresh))


def _shaped(string: str | Sequence[str] | None, *, plural: bool) -> str | tuple[str, ...]:
    """Chinese has one form: a plural entry carries it as a tuple of one."""
    one = string if isinstance(string, str) else (string[0] if string else "")
    return (one,) if plural else one


def render(catalogue: Catalog) -> bytes:
    """The bytes of a `.po` file: sorted, without dates, hosts and line numbers."""
    out = BytesIO()
    write_po(out, catalogue, width=0, omit_header=True, sort_output=True, include_lineno=False)
    return HEADER + out.getvalue()


def _replace(path: Path, content: bytes) -> bool:
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    temporary.write_bytes(content)
    temporary.replace(path)
    return True


def compile_catalogue(app: str) -> Path:
    """The `.mo` file Django reads, beside the `.po`; fuzzy entries stay out."""
    path = catalogue_path(app).with_suffix(".mo")
    out = BytesIO()
    write_mo(out, load(app))
    _replace(path, out.getvalue())
    return path


def faults(app: str) -> list[str]:
    """What is wrong with the catalogue of an app, one sentence each; empty when all is well."""
    catalogue, wanted = load(app), sources(app)
    there = {_key(message): message for message in catalogue if message.id}
    lines = [f"missing: {_shown(key)}" for key in wanted if key not in there]
    lines += [f"obsolete: {_shown(key)}" for key in there if key not in wanted]
    lines += [f"obsolete: {_shown(_key(message))}" for message in catalogue.obsolete.values()]
    for key, message in there.items():
        if message.fuzzy:
            lines.append(f"fuzzy: {_shown(key)}")
        elif not _filled(message):
            lines.append(f"empty: {_shown(key)}")
        lines += [f"{error}: {_shown(key)}" for error in message.check(catalogue)]
    return sorted(f"{app}: {line}" for line in lines)


def contradictions(apps: Iterable[str]) -> list[str]:
    """Strings that two catalogues translate differently: Django would show only one of them."""
    said: dict[Key, dict[str, str]] = {}
    for app in apps:
        for message in load(app):
            if message.id and _filled(message):
                one = (
                    message.string
                    if isinstance(message.string, str)
                    else (message.string or ("",))[0]
                )
                said.setdefault(_key(message), {})[app] = one
    return sorted(
        f"contradiction: {_shown(key)}: " + ", ".join(f"{app} “{text}”" for app, text in by.items())
        for key, by in said.items()
        if len(set(by.values())) > 1
    )


def _key(message: Message) -> Key:
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def _filled(message: Message) -> bool:
    strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return bool(strings) and all(strings)


def _shown(key: Key) -> str:
    context, text = key
    return f"“{text}”" + (f" ({context})" if context else "")
