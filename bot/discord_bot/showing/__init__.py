"""Outcomes as cards, cards as Discord's messages, and these on their way out.

    limits, escaping, custom_ids ← cards ← small_print ← answer_cards, browse_cards
    escaping ← modals              cards ← messages ← sending
    answer_cards ← corrected_cards ← anew          messages ← anew

`cards` is what a card is and how it is cut to size; `answer_cards` says what an outcome
shows and what can be pressed, with whose words it is and where from in `small_print`;
`browse_cards` is what can be looked through: all pure. `messages` makes messages of
them, and `sending` gets those out; `modals` are the forms that people write in.
`corrected_cards` are answers that were given and are corrected, `anew` their messages.
"""
