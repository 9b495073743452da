#!/usr/bin/env node
// Every page that is served, for the other half of the roles: see pages.mjs. Prints TAP. time limit: 600 s
import { lookAtPages } from './pages.mjs';

await lookAtPages(['member', 'administrator', 'funder']);
