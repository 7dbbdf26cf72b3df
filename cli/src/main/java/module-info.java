/** The command line: the library seen from a shell. */
module dev.brood.cli {
    requires static org.jspecify;
    requires dev.brood;
    requires info.picocli;
    requires jdk.unsupported; // sun.misc.Signal

    provides System.LoggerFinder with
            dev.brood.cli.Insides;
}
