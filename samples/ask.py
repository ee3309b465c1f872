"""A program that asks: answer in the terminal. What is typed for the password stays hidden."""

from getpass import getpass

name = input("What is your name? ").strip() or "stranger"
password = getpass("Think of a password (nobody will see it): ")

strength = sum(
    (
        len(password) >= 8,
        any(letter.islower() for letter in password) and any(letter.isupper() for letter in password),
        any(letter.isdigit() for letter in password),
        not password.isalnum(),
    )
)
verdict = ("\x1b[31mweak", "\x1b[31mweak", "\x1b[33mfair", "\x1b[32mgood", "\x1b[1;32mstrong")[strength]
print(f"Hello, {name}! Your password has {len(password)} characters and is {verdict}\x1b[0m.")
