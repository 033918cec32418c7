Feature: Reports that were joined wrongly
  What was joined by mistake is taken apart again, and stands where it stood, as if it had never been joined.

  Background:
    Given it is Monday 15 April 2024, 09:00
    And Asha's dispute with Bram is reported
    And ten minutes later Bram has reported the same
    And Ding has merged the second report into the first

  Rule: unmerge - what was joined wrongly goes on under its own number
    Scenario: Ten minutes later
      Given it has become Monday 15 April 2024, 09:20
      When Ding takes the second report apart again
      Then the second report is "Reported"
      And the second report has until Tuesday 16 April 2024, 10:10 for "Safety questions"
      And it is linked to the first no more

    Scenario: Two days later
      Given it has become Wednesday 17 April 2024, 09:00
      When Ding takes the second report apart again
      Then the second report is "Reported"
      And the second report is late since Tuesday 16 April 2024, 10:10 for "Safety questions"
