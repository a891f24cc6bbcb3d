"""Progress in a terminal."""

from tqdm import tqdm

_BAR = "{desc:>11} {percentage:3.0f}% |{bar:40}| {elapsed}"


class StageBars:
    """One progress bar a stage."""

    def __enter__(self) -> "StageBars":
        self.stage: str | None = None
        self.bar: tqdm | None = None
        return self

    def show(self, stage: str, share: float) -> None:
        """Move the bar of a stage; a new stage starts a new bar."""
        if stage != self.stage:
            self.__exit__()
            self.stage = stage
            self.bar = tqdm(total=100, desc=stage, bar_format=_BAR)
        self.bar.update(round(100 * share) - self.bar.n)

    def __exit__(self, *error: object) -> None:
        if self.bar is not None:
            self.bar.close()
