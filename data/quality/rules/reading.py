"""Decides what reading can have against a row or a file: the rules that set rows aside, and what is said of files."""

from __future__ import annotations

from data.quality.rules import Rule

_AGAIN = "Correct it in the quarantine file and drop that file back in."


def _row(id: str, says: str, do: str = _AGAIN) -> Rule:
    return Rule(id, "refused", "", "{n} [row|rows] " + says, do)


REFUSALS: tuple[Rule, ...] = (
    _row("row.ragged", "[has|have] more or fewer cells than the header: the commas or quotes are off."),
    _row("quote.open", "[begins|begin] a quote that is never closed."),
    _row("quote.stray", "[has|have] a quote in the middle of a cell: where the cell ends is open."),
    _row("cell.long", "[has|have] a cell longer than the limit."),
    _row("line.long", "[is|are] longer than the limit of a line.",
         "Look for a quote that is never closed, or for a file that is no table."),
    _row("number.unreadable", "[has|have] an amount or a count that is no number."),
    _row("number.open", "[has|have] an amount that could be two numbers (12,5: 12.5 or 125?).",
         "Say which sign parts the decimals, or correct it in the quarantine file and drop that file back in."),
    _row("number.currency", "[states|state] an amount in another currency than the rest of the column.",
         "Convert it to the column's currency, or part the column by currency."),
    _row("number.percent", "[states|state] a share (4.5%) where an amount belongs."),
    _row("row.total", "[holds|hold] nothing but “total” and its numbers: with them everything would count twice.",
         "Nothing, when it is a total; else say what it is and drop the quarantine file back in."),
    _row("json.line", "[is|are] not JSON."),
    _row("json.record", "[is|are] no record (an object of names and values)."),
    _row("json.twice", "[gives|give] one name two values."),
    _row("id.missing", "of the influencers table [has|have] no influencer id."),
    _row("id.repeated", "of the influencers table [repeats|repeat] an influencer id."),
    _row("quarantine.not_waiting", "of a returned quarantine file [is|are] not waiting (any more): not counted again.",
         "Nothing: the row is in already, or was never set aside."),
    _row("quarantine.other_file", "of a returned quarantine file [belongs|belong] to another file than the rest.",
         "Return the rows of each file in a file of their own."),
)  # fmt: skip

FILES: tuple[Rule, ...] = (
    Rule("file.left_out", "check", "", "A file was left out: the sentence says why.", "Do what the sentence says."),
    Rule("file.read", "info", "", "How a file was read: encoding, day order, decimals.",
         "Choose another way on the import page where that is wrong."),
    Rule("file.loaded", "info", "", "A file is loaded already, byte for byte: it changes nothing.", "Nothing."),
    Rule("file.unused", "info", "", "Columns of a file that nothing here uses.",
         "Pick a field for the column where there is one."),
    Rule("rows.again", "info", "",
         "{n} [row stands|rows stand] in more than one file: [it is|they are] counted once.", "Nothing."),
    Rule("rows.replaced", "info", "", "{n} [row replaces a row|rows replace rows] with the same key.",
         "Take the import back where that was not meant."),
    Rule("rows.added", "check", "", "{n} [row was|rows were] added beside what is loaded, as they are.",
         "Choose “update” where rows with the same key should be replaced."),
    Rule("rows.corrected", "info", "",
         "{n} loaded [row gave|rows gave] way to a newer file of the same rows.",
         "Take the import back where that was not meant."),
    Rule("decimals.open", "check", "",
         "Amounts that could be two numbers (12,5: 12.5 or 125?): their rows are set aside.",
         "Say which sign parts the decimals."),
    Rule("dates.open", "check", "", "Days that fit both orders, day first and month first: they stay empty.",
         "Say which it is."),
    Rule("amounts.unread", "check", "", "{n} [amount|amounts] of a file cannot be read: no total holds [it|them].",
         _AGAIN),
)  # fmt: skip
