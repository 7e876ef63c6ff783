"""How tests keep passwords: quickly, and each time alike, so that worlds that are brought back hold what was made before."""

from django.contrib.auth.hashers import MD5PasswordHasher


class QuickHasher(MD5PasswordHasher):
    """Without a salt of its own for each password: sessions hang on the whole of what is kept."""

    def salt(self) -> str:
        return "x" * 22
