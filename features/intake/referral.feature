Feature: To whom it belongs
  Who received a matter first answers for it until somebody else has taken it over.

  Background:
    Given it is Monday 15 April 2024, 09:00

  Rule: refer - the parties are told where the matter goes now
    Scenario: A matter of the police
      Given Asha's dispute with Bram is screened
      When Ding refers it to the station
      Then the case is "Referred"
      And Asha and Bram have the "Where the matter goes now"
      And the deadline "To be taken over" is Tuesday 16 April 2024, 09:00

    Scenario: The other has taken it over
      Given Asha's dispute with Bram is screened
      And Ding has referred it to the station
      When the station takes it over
      Then the case is closed as "Referred"

    Scenario: The other sends it back
      Given Asha's dispute with Bram is screened
      And Ding has referred it to the station
      When the station sends it back
      Then the case is "Reopened"
      And it has to be screened again

    Scenario: After twenty-three hours
      Given Asha's dispute with Bram is screened
      And Ding has referred it to the station
      When it becomes Tuesday 16 April 2024, 08:00
      Then Ding was reminded once of "To be taken over"
      And the deadline "To be taken over" is not late yet
      And the case is "Referred"
      And Dispatcher still answers for it

    Scenario: Nobody takes it over for a day
      Given Asha's dispute with Bram is screened
      And Ding has referred it to the station
      When it becomes Tuesday 16 April 2024, 09:01
      Then Ding and Chen are reminded of "To be taken over"
      And the deadline "To be taken over" is late
      And Dispatcher still answers for it

  Rule: mark_duplicate - one event, one case, and both reports keep their time
    Scenario: Both sides report one fight within ten minutes
      Given Asha's dispute with Bram is reported
      And ten minutes later Bram has reported the same
      When Ding marks the second report as a duplicate of the first
      Then the second report is closed as "Merged"
      And the second report is linked as duplicate_of to the first
      And both reports keep the time at which they came
      And the reporter of the second report has the "Notice that two reports are one case"

    Scenario: Who reported first is told as well
      Given Asha's dispute with Bram is reported
      And ten minutes later Bram has reported the same
      And Ding has marked the second report as a duplicate of the first
      When it becomes Monday 15 April 2024, 09:15
      Then the reporter of the first report has the "Notice that another report was joined"
      And the first report is linked to the second
      And both reports keep the time at which they came

  Rule: merge - the same dispute told twice goes on under one number
    Scenario: A merged report is not reopened
      Given Asha's dispute with Bram is reported
      And ten minutes later Bram has reported the same
      And Ding has merged the second report into the first
      When Chen reopens the second report
      Then it is refused under "not_merged"
