"""The pure part: who may apply, what a rehearsal and a checkpoint come to, what members hold."""
