"""Whoever asks: by message, command, button or form.

    keeping ← traces
    asked, rate_limits, answer_again, traces ← app
    app ← permissions, moderators_channel, reposts
    permissions, moderators_channel, reposts, message_text ← mentions ← interactions
    interactions ← feedback ← buttons ← commands

`app` is where all ways of asking come together: what answers, what is remembered and
what is kept; `asked` is what it is told, and `keeping` how long anything waits for the
records, in which answers leave their `traces`. `permissions` says who may what.
`mentions` reads messages, in the words that `message_text` finds, and where a proxy
`reposts` them by webhook; `commands` and `buttons` are what people command and press,
each one of the `interactions`. `feedback` is what they have to say, and in
`moderators_channel` moderators are told of it.
"""
