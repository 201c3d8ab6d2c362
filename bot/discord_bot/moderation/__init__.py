"""Moderators in Discord: their commands, menus, buttons and forms.

    change_cards ← session ← review_cards ← ways_cards ← record_cards, queue_cards
    review_cards ← correction_cards
    ways_cards ← review ← record_forms ← record_actions, ways ← queue
    review, correction_cards ← correction_actions ← record_actions
    queue_cards ← queue ← message_menu, stats
    record_actions, message_menu, stats ← commands

`session` is where each of them begins: it lets in moderators of the story, and nobody
else. What they want changed is a draft of the workshop (`bot.moderating`) before
anything is done with it; `review_cards` say what it would do, with what changes in the
words of `change_cards`, and `review` what becomes of it. `record_forms` are the forms,
`record_actions` all else that is done with
records, and `record_cards` what is shown of them. `queue_cards` are what the queue
looks like, `queue` what is done there; `ways` and `ways_cards` help to write ways of
asking and tell answers apart, `message_menu` makes a
question of any message, and `stats` tells how it goes. `correction_actions` is where a
moderator has corrected what people were told, and `correction_cards` how far that is.
"""
