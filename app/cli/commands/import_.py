"""``import FILE…``: takes in files of any known format, as one revision."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.context import UNUSABLE, CommandContext
from app.cli.import_report import answer
from app.cli.marked_copy import applied_before, marked_path, write_copy
from app.cli.reading_options import add_reading_options, reading_options
from app.cli.registry import Description
from cmdb.model.errors import FileProblem, UserError
from cmdb.model.json_text import JsonProblem, parsed
from cmdb.model.messages import Message, tr, trn
from cmdb.model.regular_files import content, name_as_text

if TYPE_CHECKING:
    from app.imports.file_summaries import ReadFile
    from app.imports.formats import Format
    from app.signatures.signed_files import TrustedKeys
    from cmdb.model.observation import Reading
    from cmdb.model.schema import Schema
    from cmdb.reconciliation import Proposal
    from importers.importer import Options
    from importers.spreadsheets.columns.mapping import Mapping
    from importers.spreadsheets.sheets.options import ReadOptions

DESCRIPTION = Description(
    Message("take in spreadsheets, inventories and other files"), "files", example=("{sheet}", "--dry-run")
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The files, and how to read them."""
    from app.imports.formats import formats
    from app.plugins import Plugins
    from app.settings import Settings

    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    known = formats(Plugins(Settings()).importers())
    parser.epilog = "\n".join([tr("formats:"), *(line for one in known for line in _described(one))])
    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        help=tr("a file of a known format, recognised by its content, or a folder of them, also packed as .zip"),
    )
    parser.add_argument(
        "--class", dest="cls", metavar="C", default="", help=tr("what the rows are, where it is not clear")
    )
    parser.add_argument("--sheet", metavar="S", default="", help=tr("only this sheet"))
    parser.add_argument(
        "--mapping", metavar="M", default="", help=tr("a saved mapping's name, or a mapping's JSON file")
    )
    parser.add_argument("--dry-run", action="store_true", help=tr("only show what would happen"))
    parser.add_argument("--rejects", metavar="FILE", default="", help=tr("write rejected rows there, with the reasons"))
    parser.add_argument(
        "--mark", metavar="FILE", default="",
        help=tr("write a copy of the workbook there in which what was rejected or is in doubt is marked"),
    )  # fmt: skip
    parser.add_argument(
        "--tags", action="store_true", help=tr("with --mark: write each row's asset tag and id into it")
    )
    parser.add_argument("--all-or-nothing", action="store_true", help=tr("write nothing if any row is rejected"))
    add_reading_options(parser)


def _described(one: Format) -> Iterator[str]:
    """A format's lines in the help."""
    yield f"  {one.label} ({', '.join(one.endings)})" if one.endings else f"  {one.label}"
    yield f"      {one.help}"


def run(context: CommandContext) -> int:
    """Reads everything first, so that bad input leaves nothing behind; then reconciles and applies."""
    from app import import_proposal
    from cmdb.model.schema import Schema

    args = context.args
    rejects: Path | None = None
    if args.rejects:
        from importers.tables import FORMATS

        rejects = context.output_path(args.rejects, FORMATS)
    named = [Path(name) for name in args.files]
    paths = _files(named)
    copy = marked_path(context, paths)
    control = context.control()
    schema = context.store().schema if context.exists else Schema.load()
    trusted = _trusted(context)

    def read() -> tuple[list[Reading], list[ReadFile]]:
        return import_proposal.read_files(
            paths, schema, _options(context, schema), control, context.plugins.importers(),
            all_or_nothing=args.all_or_nothing, of_folders=set(paths) - set(named), trusted=trusted,
        )  # fmt: skip

    readings, files = read()
    store = context.store(create=True, loading=True) if not args.dry_run or context.exists else context.scratch()
    reason = import_proposal.reason_of_import(_names(named), readings)
    written = 0

    def decide() -> Proposal:
        nonlocal readings
        if any(one.forgotten for one in readings):  # the last proposal was refused, as others wrote meanwhile
            readings, _ = read()
        recipe = bool(args.mapping)
        return import_proposal.propose(store, readings, context.author, control, reason, ask_new=recipe)

    def ready(proposal: Proposal) -> bool:
        nonlocal written
        if rejects is not None and proposal.rejected:
            written = import_proposal.write_rejected(proposal, readings, rejects, store.schema)
        elif rejects is not None and written:  # by an earlier proposal, on an estate that has changed since
            rejects.unlink(missing_ok=True)
            written = 0
        taken = not args.dry_run and not (args.all_or_nothing and proposal.rejected)
        for one in readings if taken else ():
            one.forget()
        return taken

    proposal, applied = import_proposal.take_in(store, decide, context.say, control, ready)
    if written:
        context.say(_rejects_written(written, rejects))
    marked = None
    if copy is not None:
        marked = write_copy(context, store, paths[0], copy, proposal, readings, applied)
    if args.all_or_nothing and proposal.rejected and not args.dry_run:
        if args.json:
            answer(context, store.schema, proposal, None, readings, marked, files)
        context.say(_nothing_written(proposal.rejected))
        return UNUSABLE
    return answer(context, store.schema, proposal, applied, readings, marked, files)


def _names(files: Sequence[Path]) -> tuple[str, ...]:
    """The names of files, each once."""
    return tuple(dict.fromkeys(name_as_text(one.absolute()) for one in files))


def _trusted(context: CommandContext) -> TrustedKeys:
    """Whose scans the estate trusts."""
    from app.signatures.signed_files import TrustedKeys, trusted_keys

    if not context.exists:
        return TrustedKeys()
    with context.read() as reader:
        return trusted_keys(reader)


def _rejects_written(rows: int, path: Path | None) -> str:
    return trn("Wrote {count} rejected row to {file}.", "Wrote {count} rejected rows to {file}.", rows, file=path)


def _nothing_written(rejected: int) -> str:
    return trn(
        "Nothing was written: {count} row was rejected, and all or nothing was asked for.",
        "Nothing was written: {count} rows were rejected, and all or nothing was asked for.",
        rejected,
    )


def _files(named: list[Path]) -> list[Path]:
    """The files, and of folders those in them. Raises UserError for folders without files, or with too many."""
    from app.imports.dropped_files import MOST, files_of

    folders = [path for path in named if path.is_dir()]
    if not folders:
        return named
    found = files_of(named)
    if not found:
        raise UserError(Message("There is no file in {folder}.", folder=folders[0]))
    if len(found) >= MOST:
        raise UserError(
            Message("There are {limit} files or more in {folder}: import parts of it.", limit=MOST, folder=folders[0])
        )
    return found


def _options(context: CommandContext, schema: Schema) -> Options:
    from app import import_proposal
    from app.imports.class_decisions import decided_words
    from importers.importer import Options
    from importers.spreadsheets.columns.fields import find_kind

    args = context.args
    reading = reading_options(args)
    mapping: Mapping | None = None
    saved: tuple[Mapping, ...] = ()
    if context.exists:
        with context.read() as reader:
            saved = tuple(import_proposal.saved_mappings(reader))
            if args.mapping and not Path(args.mapping).exists():
                mapping = import_proposal.mapping_named(reader, args.mapping)
    if args.mapping and mapping is None:
        mapping = _mapping_file(Path(args.mapping))

    def answers(used: Mapping, words: Sequence[str]) -> dict[str, str]:
        """What was decided of words that a mapping's file does not know; a saved mapping has its answers in it."""
        if used.name.casefold() in {one.name.casefold() for one in saved} or not context.exists:
            return {}
        with context.read() as reader:
            return decided_words(reader, used, words)

    return Options(
        cls=(find_kind(args.cls) or schema.find_class(args.cls).name) if args.cls else "",
        sheet=args.sheet,
        mapping=mapping,
        saved=saved,
        reading=reading if mapping is None else _as_kept(reading, mapping),
        applied=applied_before(context),
        answers=answers if mapping is not None else None,
    )


def _as_kept(reading: ReadOptions, mapping: Mapping) -> ReadOptions:
    """What the mapping keeps of how its files are read, where nothing else is asked for."""
    from importers.spreadsheets.files.encoding import codec_named

    kept = mapping.formats
    return replace(
        reading,
        encoding=reading.encoding or (codec_named(kept.encoding) if kept.encoding else ""),
        delimiter=reading.delimiter or kept.delimiter,
        header_row=reading.header_row or kept.header_row,
    )


def _mapping_file(path: Path) -> Mapping:
    from importers.spreadsheets.columns.mapping import Mapping

    if not path.exists():
        raise UserError(Message("There is no saved mapping and no file “{file}”.", file=path))
    try:
        document = parsed(content(path))
        if not isinstance(document, dict):
            raise TypeError(type(document).__name__)
        return Mapping.from_dict(document)
    except JsonProblem as error:
        raise FileProblem(
            Message("{file} is not a mapping: it is {problem}.", file=path, problem=error.reason)
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FileProblem(Message("{file} is not a mapping ({problem}).", file=path, problem=str(error))) from error
