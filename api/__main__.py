"""`python -m api`: what `folkmoot serve` turns into."""

from api.serve import main

if __name__ == "__main__":
    main()
