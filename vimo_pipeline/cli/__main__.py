"""`python -m vimo_pipeline.cli`."""

from .program import main

if __name__ == "__main__":
    main()
