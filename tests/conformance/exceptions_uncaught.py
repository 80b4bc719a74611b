# An uncaught exception deep inside calls: traceback on stderr, exit status 1, buffered output kept.
class Shelf:
    def __init__(self, books):
        self.books = books

    def find(self, title):
        return next(book for book in self.books if book["title"] == title)


def report(shelf):
    print("before")
    book = shelf.find("Dune")
    print(book["author"].upper() + book["year"])


report(Shelf([{"title": "Dune", "author": "Herbert", "year": 1965}]))
