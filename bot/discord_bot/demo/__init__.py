"""A page that looks like Discord, to try the bot on without an account.

    world ← page

`world` is a simulated Discord in this process, with the bot in it: an asker, a
moderator, and three places. `page` serves it to a browser on this machine, and to no
other; `page.html`, `page.css` and `page.js` are what that shows. The bot is the one
that is hosted, to the last line; only Discord is not there.
"""
