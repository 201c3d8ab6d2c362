"""What exists already → a story: tables of questions and answers, saved pages.

`spreadsheets` reads a table's bytes into rows, `layouts` knows the forms it may have.
`cells` makes prose of a cell, `answers` the facts of an answer, `dates` reads dates,
and `stories` writes a story's files of the rows. `pages` reads the text of a saved
page. `notes` are what a person is told of it, by kind. All is pure: bytes go in, texts
come out.
"""
