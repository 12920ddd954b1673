from pifa.cli import main

main()
