import sys

from iasql_emulator.server import main

sys.exit(main())
