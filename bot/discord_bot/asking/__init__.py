"""Whoever asks: by message, command, button or form.

    rate_limits, answer_again ← app ← moderators ← mentions, interactions
    interactions ← feedback ← buttons ← commands

`app` is where all ways of asking come together: what answers, what is remembered and
what is kept. `mentions` reads messages; `commands` and `buttons` what people command
and press, each as one of the `interactions`. `feedback` is what they have to say, and
`moderators` are told of it.
"""
