"""The command line of an installation that has one more app: the badly behaved one."""

import bad_days_app

from headgate import installed

installed.APPS = (*installed.APPS, bad_days_app.app)

from headgate.cli.main import main  # noqa: E402 - what it imports copies the list of apps

if __name__ == "__main__":
    main()
