Feature: A signature is not yet a payment
  Each obligation has its own day. Breach is what happens after the days of grace, never before.

  Background:
    Given it is Monday 15 April 2024, 09:00

  Rule: perform_by - the debtor is reminded two days before, and breach comes three days after
    Scenario: The reminder
      Given Bram owes Asha "500" yuan by Monday 29 April 2024
      And Asha's dispute with Bram is being performed
      When it becomes Sunday 28 April 2024, 00:00
      Then Asha and Bram are reminded of "Obligation"

    Scenario: The day passes, grace runs
      Given Bram owes Asha "500" yuan by Monday 29 April 2024
      And Asha's dispute with Bram is being performed
      When it becomes Thursday 2 May 2024, 23:59
      Then the case is "Being performed"
      And the deadline "Obligation" is late

    Scenario: Grace is over
      Given Bram owes Asha "500" yuan by Monday 29 April 2024
      And Asha's dispute with Bram is being performed
      When it becomes Friday 3 May 2024, 00:00
      Then the case is "Breached"
      And Asha and Bram have the "Reminder to perform the agreement"

    Scenario: Nobody declares a breach by hand
      Given Bram owes Asha "500" yuan by Monday 29 April 2024
      And Asha's dispute with Bram is being performed
      When Ma declares a breach
      Then it is refused because it "is for"

  Rule: all_performed - every instalment counts by itself
    Scenario: One of two instalments is paid
      Given Bram owes Asha "300" yuan by Monday 22 April 2024
      And Bram owes Asha "200" yuan by Monday 29 April 2024
      And Asha's dispute with Bram is being performed
      When Bram performs obligation 1
      Then the case is "Being performed"
      And the deadline of obligation 1 was met
      And the deadline of obligation 2 is Monday 29 April 2024

    Scenario: The last instalment is paid
      Given Bram owes Asha "300" yuan by Monday 22 April 2024
      And Bram owes Asha "200" yuan by Monday 29 April 2024
      And Asha's dispute with Bram is being performed
      And Bram has performed obligation 1
      When Bram performs obligation 2
      Then the case is "Performed, being followed up"

    Scenario: A part payment does not count as payment
      Given Bram owes Asha "500" yuan by Monday 29 April 2024
      And Asha's dispute with Bram is being performed
      When Bram pays a part of obligation 1
      Then the case is "Being performed"

    Scenario: Paid late, after the breach
      Given Bram owes Asha "500" yuan by Monday 29 April 2024
      And Asha's dispute with Bram is being performed
      And it has become Friday 3 May 2024, 09:00
      When Bram performs obligation 1
      Then the case is "Performed, being followed up"
      And the deadline of obligation 1 was missed

  Rule: mediate_again - after a breach the table is set again
    Scenario: A new agreement takes the place of the old one
      Given Bram owes Asha "500" yuan by Monday 29 April 2024
      And Asha's dispute with Bram is being performed
      And it has become Friday 3 May 2024, 09:00
      And Ma has mediated again, Bram now owing "400" yuan by Friday 31 May 2024
      When Bram performs obligation 2
      Then the case is "Performed, being followed up"

    Scenario: Six months of silence after a breach
      Given Bram owes Asha "500" yuan by Monday 29 April 2024
      And Asha's dispute with Bram is being performed
      And it has become Friday 3 May 2024, 00:00
      When it becomes Wednesday 6 November 2024, 00:00
      Then the case is closed as "Settled, then breached"

  Rule: bounced - a payment that fails brings the case back
    Scenario: The bank returns it
      Given Bram owes Asha "500" yuan by Monday 29 April 2024
      And Asha's dispute with Bram is being followed up
      When Ma records that the payment of obligation 1 failed
      Then the case is "Being performed"
