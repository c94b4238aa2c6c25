"""Languages: every sentence that a person reads is said in theirs, from one English source.

The contract, for whoever writes sentences:

- `say("Claimed by {who}.", who=name)` gives a whole sentence with named places. English is the source and
  needs no catalogue. Sentences are never glued from halves: other languages order them otherwise.
- `say_many("{n} copy was found.", "{n} copies were found.", n)` gives the form that a number asks for; `{n}`
  is filled by itself. Ukrainian and Russian have three forms, which their catalogues hold.
- `say_as("status", "open")` is for a short word that other languages say differently by where it stands.
- `told(text)` is for a sentence of ours that was made elsewhere and came here as it is: a reason of a
  ruleset, a caveat, a note. Where its values are filled in already, it is found by its pattern.
- A message is a literal where it is said, or where `noted("…")` marks it for later, so that
  `python -m forensics.language.extract` finds it.
- Values are put in as they are, after the sentence was chosen: they are never looked up, and braces in them
  stay braces. An int is written with the separators of the language; give text for what is no amount
  (years, numbers of entries). Making values visible and escaping them stays with the output.
- `with speaking("uk") as speech:` sets the language of all that is said within; renderers do that. A message
  that the catalogue lacks comes in English, as `Untranslated`, and is counted in `speech.missing`.

In templates (`forensics.report.spoken`) `say`, `say_many`, `say_as` and `told` give markup: the sentence and
its values escaped, values that are markup as they are, and `<span lang="en">` around what is not translated.
In an attribute or a title, `say_plain` and its like give text alone.
"""

from forensics.language.speech import (
    LANGUAGES,
    Speech,
    Untranslated,
    chosen,
    chosen_many,
    current,
    figures,
    joined,
    like,
    noted,
    number,
    say,
    say_as,
    say_many,
    speaking,
    told,
    told_list,
    told_with,
)

__all__ = [
    "LANGUAGES",
    "Speech",
    "Untranslated",
    "chosen",
    "chosen_many",
    "current",
    "figures",
    "joined",
    "like",
    "noted",
    "number",
    "say",
    "say_as",
    "say_many",
    "speaking",
    "told",
    "told_list",
    "told_with",
]
