"""The bot's own sentences, in every language there is: `en.txt`, `es.txt`."""
